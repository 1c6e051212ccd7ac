package briefing

import (
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/records"
)

// account is a record with what only its tree tells, which can be let go then.
type account struct {
	*records.Record
	marks []ledger.Mark
	below map[int][]string // notes, by the index of the step that failed or was skipped
}

func tell(r *records.Record) account {
	t := account{r, ledger.Marks(r), map[int][]string{}}
	for i, s := range r.Steps {
		if s.State == records.StepFailed || s.State == records.Skipped {
			t.below[i] = r.StepNotes(s)
		}
	}
	return t
}

func recordsOf(all []account) []*records.Record {
	rs := make([]*records.Record, len(all))
	for i, t := range all {
		rs[i] = t.Record
	}
	return rs
}

func newestFirst(a, b account) int { return records.NewestFirst(a.Record, b.Record) }
