# Rows `forest-s` and `forest-m` in ranger, by the protocol of README.md.
suppressMessages(library(ranger))

arguments <- commandArgs(trailingOnly = TRUE)
option <- function(name) arguments[match(paste0("--", name), arguments) + 1]
row <- arguments[1]
folder <- file.path(option("work"), if (grepl("-m$", row)) "m" else "s")

shape <- readLines(file.path(folder, "shape.json"))
entries <- function(key) {
  text <- paste(shape, collapse = " ")
  inside <- sub(paste0('.*"', key, '": *\\[([^]]*)\\].*'), "\\1", text)
  length(strsplit(inside, ",")[[1]])
}
columns <- entries("numeric") + entries("categorical")

# Missing numbers get the median of the training rows, missing categories a code of their own.
numbers <- entries("numeric")
read_rows <- function(part) {
  file <- file.path(folder, paste0("trees", part, ".f32"))
  values <- readBin(file, "numeric", n = file.size(file) / 4, size = 4, endian = "little")
  matrix(values, ncol = columns, byrow = TRUE)
}
read_labels <- function(part) {
  file <- file.path(folder, paste0("labels", part, ".u8"))
  as.integer(readBin(file, "integer", n = file.size(file), size = 1, signed = FALSE))
}
train <- read_rows("")
fill <- sapply(seq_len(columns), function(j) {
  if (j <= numbers) median(train[, j], na.rm = TRUE) else max(train[, j], na.rm = TRUE) + 1
})
impute <- function(rows) {
  for (j in seq_len(columns)) rows[is.na(rows[, j]), j] <- fill[j]
  colnames(rows) <- paste0("x", seq_len(columns))
  rows
}
train <- impute(train)
test <- impute(read_rows("-test"))
labels <- factor(read_labels(""), levels = c(0, 1))

large <- row == "forest-m"
leaf <- 5
started <- Sys.time()
model <- ranger(
  x = train, y = labels, num.trees = if (large) 100 else 200,
  mtry = floor(sqrt(columns)), max.depth = if (large) 12 else 0, min.node.size = 2 * leaf,
  probability = TRUE, oob.error = FALSE, num.threads = as.integer(option("threads")),
  seed = as.integer(option("seed")), verbose = FALSE)
seconds <- as.numeric(difftime(Sys.time(), started, units = "secs"))

scores <- predict(model, test, num.threads = as.integer(option("threads")))$predictions[, "1"]
output <- option("output")
if (!is.na(output)) {
  connection <- file(output, "wb")
  writeBin(as.numeric(scores), connection, size = 8, endian = "little")
  close(connection)
}
cat(sprintf(
  '\n{"row": "%s", "tool": "ranger", "seconds": %.6f, "quality": {}, "version": "ranger %s", %s}\n',
  row, seconds, as.character(packageVersion("ranger")),
  '"settings": "probability forest, node size 2 x leaf, no out-of-bag error, missing cells imputed"'))
