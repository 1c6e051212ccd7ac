package text

// Span is the half-open range [Start, End) of bytes in a record's source. The
// zero Span means "not in the file".
type Span struct{ Start, End int }

// IsZero tells whether the span points at nothing.
func (s Span) IsZero() bool { return s == Span{} }
