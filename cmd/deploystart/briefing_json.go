package main

import (
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
)

// briefingResult is what --json prints under "briefing". Unlike the other forms
// it leaves nothing out of what was found; null is unknown.
type briefingResult struct {
	LookedAt   int              `json:"looked_at"` // records, the newest
	Records    int              `json:"records"`   // that there are
	Last       *briefingRecord  `json:"last"`
	Succeeded  *briefingRecord  `json:"last_succeeded"`
	Elsewhere  *briefingRecord  `json:"last_elsewhere"`
	Unplaced   []briefingRecord `json:"environment_unknown"` // newer than the last, newest first
	Tips       []briefingTip    `json:"tips"`
	Steps      []briefingStep   `json:"steps"`
	Changes    *briefingChanges `json:"changes"`
	Unfinished []briefingRecord `json:"unfinished"`
}

type briefingRecord struct {
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

type briefingTip struct {
	ID    string `json:"id"` // "2024-08-31-14-30#tip-purge-the-cache"
	Path  string `json:"path"`
	Text  string `json:"text"`
	Times int    `json:"times"`
}

type briefingStep struct {
	Step         string   `json:"step"` // the step's key
	Label        string   `json:"label"`
	Failed       []string `json:"failed"`  // IDs of records
	Skipped      []string `json:"skipped"` // IDs of records
	Of           int      `json:"of"`
	Environments []string `json:"environments"` // "" is unknown
	Fix          *string  `json:"fix"`
	FixIn        *string  `json:"fix_in"`
}

type briefingChanges struct {
	Since   string           `json:"since"` // ID of a record
	From    *string          `json:"from"`
	To      string           `json:"to"`
	Problem *string          `json:"problem"` // why the rest is unknown
	Commits []briefingCommit `json:"commits"`
	Missing []briefingCommit `json:"missing"`
	More    bool             `json:"more"`
	Shallow bool             `json:"shallow"`
	Files   []briefingFile   `json:"suspect_files"`
}

type briefingCommit struct {
	Commit  string `json:"commit"`
	Subject string `json:"subject"`
}

type briefingFile struct {
	File  string `json:"file"`
	Named string `json:"named"`
	In    string `json:"in"`
}

// json is the briefing for programs; nil where none was wanted.
func (b *briefing) json() *briefingResult {
	if b == nil {
		return nil
	}
	out := &briefingResult{
		LookedAt: b.looked, Records: b.all,
		Last: b.orNull(b.Last), Succeeded: b.orNull(b.Succeeded), Elsewhere: b.orNull(b.Elsewhere),
		Unplaced: []briefingRecord{}, Tips: []briefingTip{}, Steps: []briefingStep{}, Unfinished: []briefingRecord{}, Changes: b.changes.json(),
	}
	for _, t := range b.Tips {
		out.Tips = append(out.Tips, briefingTip{t.Ref().String(), b.path(t.Record), t.Note.Text, t.Times})
	}
	for _, t := range b.Steps {
		r := briefingStep{Step: t.Step.Key, Label: t.Step.Label, Failed: ids(t.Failed), Skipped: ids(t.Skipped), Of: t.Of, Environments: t.Environments()}
		if t.Fix != "" {
			r.Fix, r.FixIn = &t.Fix, &t.FixIn.ID
		}
		out.Steps = append(out.Steps, r)
	}
	for _, r := range b.Unplaced {
		out.Unplaced = append(out.Unplaced, *b.orNull(r))
	}
	for _, r := range b.Open {
		out.Unfinished = append(out.Unfinished, *b.orNull(r))
	}
	return out
}

func (b *briefing) orNull(r *records.Record) *briefingRecord {
	if r == nil {
		return nil
	}
	out := &briefingRecord{
		ID: r.ID, Path: b.path(r), Title: r.Title.Value, Status: string(r.Status), Deployers: []string{}, Services: []string{},
		Environment: orNull(r.Environment.Value), Version: orNull(r.Version.Value), Commit: orNull(r.Commit.Value),
	}
	switch {
	case r.Started.IsZero():
	case r.Started.DateOnly:
		out.Date = orNull(r.Started.Time.Format(time.DateOnly))
	default:
		out.Date = orNull(r.Started.Time.Format(time.RFC3339))
	}
	if d, ok := r.Duration(); ok {
		seconds := int(d.Seconds())
		out.DurationS = &seconds
	}
	for _, d := range r.Deployers {
		out.Deployers = append(out.Deployers, b.person(d.Value))
	}
	for _, s := range r.Services {
		out.Services = append(out.Services, s.Value)
	}
	return out
}

func (c *changes) json() *briefingChanges {
	if c == nil {
		return nil
	}
	out := &briefingChanges{
		Since: c.since.ID, From: orNull(c.from), To: c.to, Problem: orNull(c.problem),
		Commits: commits(c.Added), Missing: commits(c.Missing), More: c.More, Shallow: c.Shallow, Files: []briefingFile{},
	}
	for _, f := range c.suspects {
		out.Files = append(out.Files, briefingFile{f.File, f.Named, f.Record.ID})
	}
	return out
}

func commits(entries []git.LogEntry) []briefingCommit {
	out := []briefingCommit{}
	for _, e := range entries {
		out = append(out, briefingCommit{e.Hash, e.Subject})
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
