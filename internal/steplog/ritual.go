package steplog

import (
	"fmt"

	"github.com/deploysite/deploysite/internal/records"
)

// Signs that a step is a ritual, and what may be done about it. They are suggestions:
// that a backup never failed is no reason to go without.
const (
	neverIn   = 40 // runs without a failure
	skippedIn = 9  // skipped records of …
	skippedOf = 10 // … so many
)

// A Sign is why a step may be a ritual.
type Sign string

// The signs.
const (
	NeverFailed  Sign = "never-failed" // 0 of at least 40 runs
	OftenSkipped Sign = "skipped"      // in 9 of 10 of those that were marked
	MarkedAtOnce Sign = "at-once"      // in half of the stamped records, all marks within a minute
)

// What may be done.
const (
	Automate = "automate"
	Drop     = "drop"
)

// A Suggestion is what may be done with a step, and why: k of n.
type Suggestion struct {
	Do   string
	Sign Sign
	K, N int
}

var signWords = map[Sign]string{
	NeverFailed:  "It failed in %d of %d runs.",
	OftenSkipped: "It was skipped in %d of %d records.",
	MarkedAtOnce: "In %d of %d records it was marked within a minute with everything else.",
}

// Why is the reason in words.
func (s Suggestion) Why() string { return fmt.Sprintf(signWords[s.Sign], s.K, s.N) }

// Suggestion is what the checklist may do with a step of its own.
func (l *Line) Suggestion() (s Suggestion, ok bool) {
	skipped, failed := l.Of(records.Skipped), l.Of(records.StepFailed)
	marked := l.Runs + skipped
	switch {
	case l.Number < 0:
		return s, false
	case marked >= skippedOf && skippedOf*skipped >= skippedIn*marked:
		return Suggestion{Drop, OftenSkipped, skipped, marked}, true
	case failed == 0 && l.Runs >= neverIn:
		return Suggestion{Automate, NeverFailed, 0, l.Runs}, true
	case l.Stamped >= Few && 2*l.Together >= l.Stamped:
		return Suggestion{Automate, MarkedAtOnce, l.Together, l.Stamped}, true
	}
	return s, false
}
