package briefing

import (
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// JSON is what programs get of a briefing. Unlike the other forms
// it leaves nothing out of what was found; null is unknown.
type JSON struct {
	LookedAt   int          `json:"looked_at"` // records, the newest
	Records    int          `json:"records"`   // that there are
	Last       *recordJSON  `json:"last"`
	Succeeded  *recordJSON  `json:"last_succeeded"`
	Elsewhere  *recordJSON  `json:"last_elsewhere"`
	Unplaced   []recordJSON `json:"environment_unknown"` // newer than the last, newest first
	Tips       []tipJSON    `json:"tips"`
	Learned    []tipJSON    `json:"learned"` // three times, and not in the checklist
	Steps      []stepJSON   `json:"steps"`
	Changes    *changesJSON `json:"changes"`
	Unfinished []recordJSON `json:"unfinished"`
}

type recordJSON struct {
	ID          string   `json:"id"`
	Path        string   `json:"path"`
	Title       string   `json:"title"`
	Date        *string  `json:"date"`
	Status      string   `json:"status"`
	DurationS   *int     `json:"duration_s"`
	Deployers   []string `json:"deployers"`
	Services    []string `json:"services"`
	Environment *string  `json:"environment"`
	Version     *string  `json:"version"`
	Commit      *string  `json:"commit"`
}

type tipJSON struct {
	ID    string `json:"id"` // "2024-08-31-14-30#tip-purge-the-cache"
	Path  string `json:"path"`
	Text  string `json:"text"`
	Times int    `json:"times"`
}

type stepJSON struct {
	Step         string   `json:"step"` // the step's key
	Label        string   `json:"label"`
	Failed       []string `json:"failed"`  // IDs of records
	Skipped      []string `json:"skipped"` // IDs of records
	Of           int      `json:"of"`
	Environments []string `json:"environments"` // "" is unknown
	Fix          *string  `json:"fix"`
	FixIn        *string  `json:"fix_in"`
}

type changesJSON struct {
	Since   string       `json:"since"` // ID of a record
	From    *string      `json:"from"`
	To      string       `json:"to"`
	Problem *string      `json:"problem"` // why the rest is unknown
	Commits []commitJSON `json:"commits"`
	Missing []commitJSON `json:"missing"`
	More    bool         `json:"more"`
	Shallow bool         `json:"shallow"`
	Files   []fileJSON   `json:"suspect_files"`
}

type commitJSON struct {
	Commit  string `json:"commit"`
	Subject string `json:"subject"`
}

type fileJSON struct {
	File  string `json:"file"`
	Named string `json:"named"`
	In    string `json:"in"`
}

// JSON is the briefing for programs; nil where none was wanted. shown makes of a
// path what the user would write.
func (b *Briefing) JSON(shown func(path string) string) *JSON {
	if b == nil {
		return nil
	}
	out := &JSON{
		LookedAt: b.looked, Records: b.all(),
		Last: b.record(b.Last, shown), Succeeded: b.record(b.Succeeded, shown), Elsewhere: b.record(b.Elsewhere, shown),
		Unplaced: []recordJSON{}, Tips: []tipJSON{}, Learned: []tipJSON{}, Steps: []stepJSON{}, Unfinished: []recordJSON{}, Changes: b.changes.json(),
	}
	for _, t := range b.Tips {
		out.Tips = append(out.Tips, tipJSON{t.Ref().String(), shown(b.past.path(t.Record)), t.Note.Text, t.Times})
	}
	for _, e := range b.Learned {
		n := e.Newest()
		out.Learned = append(out.Learned, tipJSON{n.Ref().String(), shown(b.past.path(n.Record)), n.Note.Text, e.Count()})
	}
	for _, t := range b.Steps {
		r := stepJSON{Step: t.Step.Key, Label: t.Step.Label, Failed: ids(t.Failed), Skipped: ids(t.Skipped), Of: t.Of, Environments: t.Environments()}
		if t.Fix != "" {
			r.Fix, r.FixIn = &t.Fix, &t.FixIn.ID
		}
		out.Steps = append(out.Steps, r)
	}
	for _, r := range b.Unplaced {
		out.Unplaced = append(out.Unplaced, *b.record(r, shown))
	}
	for _, r := range b.Open {
		out.Unfinished = append(out.Unfinished, *b.record(r, shown))
	}
	return out
}

func (b *Briefing) record(r *records.Record, shown func(string) string) *recordJSON {
	if r == nil {
		return nil
	}
	out := &recordJSON{
		ID: r.ID, Path: shown(b.past.path(r)), Title: r.Title.Value, Status: string(r.Status), Deployers: b.deployers(r), Services: append([]string{}, records.Values(r.Services)...),
		Environment: text.OrNull(r.Environment.Value), Version: text.OrNull(r.Version.Value), Commit: text.OrNull(r.Commit.Value),
		Date: text.OrNull(r.Started.ISO()),
	}
	if d, ok := r.Duration(); ok {
		seconds := int(d.Seconds())
		out.DurationS = &seconds
	}
	return out
}

func (c *changes) json() *changesJSON {
	if c == nil {
		return nil
	}
	out := &changesJSON{
		Since: c.since.ID, From: text.OrNull(c.from), To: c.to, Problem: text.OrNull(c.problem),
		Commits: commits(c.Added), Missing: commits(c.Missing), More: c.More, Shallow: c.Shallow, Files: []fileJSON{},
	}
	for _, f := range c.suspects {
		out.Files = append(out.Files, fileJSON{f.File, f.Named, f.Record.ID})
	}
	return out
}

func commits(entries []git.LogEntry) []commitJSON {
	out := []commitJSON{}
	for _, e := range entries {
		out = append(out, commitJSON{e.Hash, e.Subject})
	}
	return out
}

func ids(rs []*records.Record) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return out
}
