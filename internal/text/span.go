package text

// Span is the half-open range [Start, End) of bytes in a text. The zero Span means
// "not there".
type Span struct{ Start, End int }

// IsZero reports whether the span points at nothing.
func (s Span) IsZero() bool { return s == Span{} }
