package review

import (
	"regexp"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Decision is a box of a review: open, kept or dropped.
type Decision struct {
	Text      string
	Owner, By string  // "" where nobody wrote it
	Of        Quarter // the review that has it first
	State     State
}

// State is what became of a decision.
type State string

// The states.
const (
	Open    State = "open"
	Kept    State = "kept"
	Dropped State = "dropped"
)

// assigned is who does it, and until when, at the end of a decision.
var assigned = regexp.MustCompile(`\s*\(\s*owner:([^(),;]*)[,;]?\s*(?:by:([^()]*))?\)\s*\.?\s*$`)

// DecisionsIn are the boxes of a review. Those that nobody filled in are none.
func DecisionsIn(q Quarter, source []byte) (all []Decision) {
	r := records.Parse("review.md", source, records.Options{})
	for _, step := range r.Steps {
		d := Decision{Text: text.OneLine(step.Text, 1000), Of: q}
		if m := assigned.FindStringSubmatch(d.Text); m != nil {
			d.Text, d.Owner, d.By = strings.TrimSuffix(d.Text, m[0]), strings.TrimSpace(m[1]), strings.TrimSpace(m[2])
		}
		switch step.State {
		case records.Done:
			d.State = Kept
		case records.Skipped, records.StepFailed:
			d.State = Dropped
		default:
			d.State = Open
		}
		if text.Bare(d.Text) != "" {
			all = append(all, d)
		}
	}
	return all
}

// Join are the decisions of several reviews, the oldest review first. One that a later
// review takes up again, in the same words, is the same: what that review says of it
// counts.
func Join(reviews ...[]Decision) (all []Decision) {
	for _, decisions := range reviews {
		for _, d := range decisions {
			at := slices.IndexFunc(all, func(o Decision) bool { return text.Bare(o.Text) == text.Bare(d.Text) })
			if at < 0 {
				all = append(all, d)
				continue
			}
			all[at].State = d.State
			if d.Owner != "" {
				all[at].Owner = d.Owner
			}
			if d.By != "" {
				all[at].By = d.By
			}
		}
	}
	return all
}
