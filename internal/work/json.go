package work

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Result is what each command prints of the record with --json.
type Result struct {
	ID     string `json:"id"`
	Path   string `json:"path"` // relative to the folder the command was called in
	Title  string `json:"title"`
	Status string `json:"status"`
}

// Result is the record as it is.
func (j *Job) Result() Result {
	return Result{j.Record.ID, j.Path(), j.Shown(j.Record).Title.Value, string(j.Record.Status)}
}

// Step is a step as JSON.
type Step struct {
	Number  int     `json:"number"` // from 1
	Key     string  `json:"key"`
	Section string  `json:"section"`
	Label   string  `json:"label"`
	Text    string  `json:"text"`
	State   string  `json:"state"`
	At      *string `json:"at"` // RFC 3339; null is unknown
	By      *string `json:"by"`
	Depth   int     `json:"depth"` // how many steps it is nested in
}

// Step is the step of an index as JSON.
func (j *Job) Step(i int) Step {
	s := j.Record.Steps[i]
	if shown := j.Shown(j.Record).Steps; len(shown) == len(j.Record.Steps) {
		s = shown[i]
	}
	at := ""
	if !s.At.IsZero() {
		at = s.At.Format(time.RFC3339)
	}
	return Step{i + 1, s.Key, s.Section, s.Label, s.Text, string(s.State), text.OrNull(at), text.OrNull(s.By), s.Depth}
}

// Steps are the steps as JSON that have one of some states.
func (j *Job) Steps(states ...records.State) []Step {
	list := []Step{}
	for i, s := range j.Record.Steps {
		if slices.Contains(states, s.State) {
			list = append(list, j.Step(i))
		}
	}
	return list
}

// End is the record at its end as JSON; null is unknown.
type End struct {
	Result
	Date     *string  `json:"date"`     // RFC 3339
	Finished *string  `json:"finished"` // RFC 3339
	Duration *int     `json:"duration_s"`
	Open     []Step   `json:"open"`    // steps
	Failed   []Step   `json:"failed"`  // steps
	Empty    []string `json:"empty"`   // kinds of notes
	Unknown  []string `json:"unknown"` // facts
	Commit   *string  `json:"commit"`  // of the record; null where it was not committed
	Pushed   bool     `json:"pushed"`
}

// End is the record as it is at its end.
func (j *Job) End() End {
	r := j.Shown(j.Record)
	result := End{
		Result: j.Result(), Date: text.OrNull(r.Started.ISO()), Finished: text.OrNull(r.Finished.ISO()),
		Open: j.Steps(records.Pending, records.StepRunning), Failed: j.Steps(records.StepFailed),
		Empty: cli.Names(r.EmptyKinds()), Unknown: r.Unknown(),
	}
	if d, ok := r.Duration(); ok {
		seconds := int(d.Seconds())
		result.Duration = &seconds
	}
	return result
}

// Started is a new record as JSON. Keys are named as in the site's records.json;
// null is unknown.
type Started struct {
	ID          string   `json:"id"`
	Path        string   `json:"path"` // relative to the folder the command was called in
	Title       string   `json:"title"`
	Date        string   `json:"date"` // RFC 3339
	Status      string   `json:"status"`
	Deployers   []string `json:"deployers"`
	Services    []string `json:"services"`
	Environment *string  `json:"environment"`
	Version     *string  `json:"version"`
	Commit      *string  `json:"commit"`
	Branch      *string  `json:"branch"`
	Tags        []string `json:"tags"`
	RollbackOf  *string  `json:"rollback_of"`
	Fixes       *string  `json:"fixes"`
	ApprovedBy  []string `json:"approved_by"`

	Briefing *briefing.JSON `json:"briefing"` // null where none was wanted
}

// JSON is the record that was written to a path.
func (n *New) JSON(path string) Started {
	d := n.Draft
	id, _, _ := records.ParsePath(filepath.Base(path))
	return Started{
		ID: id, Path: cli.Shown(path), Title: d.Title, Date: d.Started.Format(time.RFC3339), Status: string(records.InProgress),
		Deployers: append([]string{}, d.Deployers...), Services: append([]string{}, d.Services...), Tags: append([]string{}, d.Tags...),
		Environment: text.OrNull(d.Environment), Version: text.OrNull(d.Version), Commit: text.OrNull(d.Commit), Branch: text.OrNull(d.Branch),
		RollbackOf: text.OrNull(d.RollbackOf), Fixes: text.OrNull(d.Fixes), ApprovedBy: append([]string{}, d.ApprovedBy...), Briefing: n.Briefing.JSON(cli.Shown),
	}
}
