package briefing

import (
	"cmp"
	"slices"

	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// StepTrouble is a step of the checklist that failed or was skipped lately.
type StepTrouble struct {
	Step    *records.Step     // as the checklist has it
	Failed  []*records.Record // in which it failed, newest first
	Skipped []*records.Record // in which it was skipped, newest first
	Of      int               // how many of the deployments had the step
	Fix     string            // what was written down then, "" where nobody wrote
	FixIn   *records.Record   // where
}

// Environments are those of the deployments in which the step failed, or else
// was skipped, each once, newest first; "" is an unknown one.
func (t StepTrouble) Environments() (names []string) {
	for _, r := range t.worst() {
		for _, name := range r.EnvironmentNames() {
			if !slices.ContainsFunc(names, func(other string) bool { return text.Same(name, other) }) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (t StepTrouble) worst() []*records.Record {
	if len(t.Failed) > 0 {
		return t.Failed
	}
	return t.Skipped
}

// troubles finds the checklist's steps that failed or were skipped in records,
// those that failed most first, then those that were skipped most.
func troubles(rs []account, checklist *records.Record) (found []StepTrouble) {
	if checklist == nil {
		return nil
	}
	seen := map[string]bool{}
	for i := range checklist.Steps {
		step := &checklist.Steps[i]
		if seen[step.Key] {
			continue
		}
		seen[step.Key] = true
		if t := troubleWith(step, rs); len(t.worst()) > 0 {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(a, b StepTrouble) int {
		return cmp.Or(cmp.Compare(len(b.Failed), len(a.Failed)), cmp.Compare(len(b.Skipped), len(a.Skipped)))
	})
	return found
}

func troubleWith(step *records.Step, rs []account) StepTrouble {
	t := StepTrouble{Step: step}
	var failed, skipped []account
	for _, r := range rs {
		states := map[records.State]bool{}
		settled := false
		for _, s := range r.Steps {
			if s.Key == step.Key {
				states[s.State] = true
				settled = settled || s.State != records.Pending && s.State != records.StepRunning
			}
		}
		if settled || len(states) > 0 && r.Status != records.InProgress { // one under way may still come to it
			t.Of++
		}
		switch { // a step that a record has twice counts once
		case states[records.StepFailed]:
			failed = append(failed, r)
		case states[records.Skipped]:
			skipped = append(skipped, r)
		}
	}
	t.Failed, t.Skipped = recordsOf(failed), recordsOf(skipped)
	for _, r := range append(failed, skipped...)[:len(t.worst())] {
		if t.Fix = fixFor(step, r); t.Fix != "" {
			t.FixIn = r.Record
			break
		}
	}
	return t
}

// fixFor is what a record says about a step that went wrong in it.
func fixFor(step *records.Step, r account) string {
	failed := recall.Failed{Key: step.Key, Label: step.Label}
	for i, s := range r.Steps {
		if s.Key == step.Key && len(failed.Below) == 0 {
			failed.Below = r.below[i]
		}
	}
	fix, _ := recall.FixOf(r.Notes, failed)
	return fix
}
