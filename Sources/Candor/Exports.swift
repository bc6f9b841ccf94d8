// The umbrella: one import for the whole library below the study.
@_exported public import CandorBundle
@_exported public import CandorConformance
@_exported public import CandorData
@_exported public import CandorDocument
@_exported public import CandorEvaluation
@_exported public import CandorExplanation
@_exported public import CandorIntegrity
@_exported public import CandorModels
@_exported public import CandorNumerics
@_exported public import CandorReport
@_exported public import CandorScoring
