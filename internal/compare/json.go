package compare

import (
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/text"
)

// JSON is a report for programs; null is unknown. docs/guide/diff.md describes it.
type JSON struct {
	Version int         `json:"version"`
	Before  recordJSON  `json:"before"`
	After   recordJSON  `json:"after"`
	Steps   stepsJSON   `json:"steps"`
	Phases  []phaseJSON `json:"phases"`
	Commits commitsJSON `json:"commits"`
	Issues  []issueJSON `json:"issues"`
}

type recordJSON struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Date      *string  `json:"date"`
	Status    string   `json:"status"`
	VersionOf *string  `json:"version"`
	Commit    *string  `json:"commit"`
	Deployers []string `json:"deployers"`
	DurationS *int     `json:"duration_s"`
}

type stepJSON struct {
	Key     string `json:"key"`
	Section string `json:"section"`
	Label   string `json:"label"`
	State   string `json:"state"`
}

type pairJSON struct {
	Before stepJSON `json:"before"`
	After  stepJSON `json:"after"`
}

type stepsJSON struct {
	Shared  int        `json:"shared"`
	Differ  []pairJSON `json:"differ"`
	Renamed []pairJSON `json:"renamed"`
	Moved   []pairJSON `json:"moved"`
	New     []stepJSON `json:"new"`
	Gone    []stepJSON `json:"gone"`
}

type phaseJSON struct {
	Section string `json:"section"`
	BeforeS *int   `json:"before_s"`
	AfterS  *int   `json:"after_s"`
}

type commitsJSON struct {
	Unknown *string      `json:"unknown"` // why
	Added   []commitJSON `json:"added"`
	Missing []commitJSON `json:"missing"`
	More    bool         `json:"more"`
	Shallow bool         `json:"shallow"`
}

type commitJSON struct {
	Commit  string `json:"commit"`
	Subject string `json:"subject"`
}

type issueJSON struct {
	After  string  `json:"after"`  // ID of the note
	Before string  `json:"before"` // ID of the note
	Helped *string `json:"helped"`
}

// JSON is the report for programs.
func (r *Report) JSON() JSON {
	s := r.Steps
	out := JSON{
		Version: 1, Before: r.Before.json(), After: r.After.json(),
		Steps:  stepsJSON{s.Shared, each(s.Differ, Pair.json), each(s.Renamed, Pair.json), each(s.Moved, Pair.json), each(s.New, Step.json), each(s.Gone, Step.json)},
		Phases: each(r.Phases, func(p Phase) phaseJSON { return phaseJSON{p.Section, seconds(p.Before), seconds(p.After)} }),
		Commits: commitsJSON{text.OrNull(string(r.Commits.Gap)), each(r.Commits.Added, commit), each(r.Commits.Missing, commit),
			r.Commits.More, r.Commits.Shallow},
		Issues: each(r.Issues, func(i Repeat) issueJSON { return issueJSON{i.After.ID, i.Before.ID, text.OrNull(i.Helped)} }),
	}
	return out
}

func (f Found) json() recordJSON {
	return recordJSON{f.ID, f.Title.Value, text.OrNull(f.Started.ISO()), string(f.Status), text.OrNull(f.Version.Value),
		text.OrNull(f.Commit.Value), append([]string{}, f.people()...), seconds(took(f.Record))}
}

func (p Pair) json() pairJSON { return pairJSON{p.Before.json(), p.After.json()} }

func (s Step) json() stepJSON { return stepJSON{s.Key(), s.Section(), s.Label(), string(s.State())} }

func commit(e git.LogEntry) commitJSON { return commitJSON{e.Hash, e.Subject} }

func seconds(d *time.Duration) *int {
	if d == nil {
		return nil
	}
	s := int(d.Seconds())
	return &s
}

func each[T, J any](all []T, json func(T) J) []J {
	out := make([]J, len(all))
	for i, one := range all {
		out[i] = json(one)
	}
	return out
}
