package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
)

// A briefing is what earlier deployments tell the one who starts the next: on
// the terminal (briefing_terminal.go), in the record (briefing_block.go) and in
// JSON (briefing_json.go). It is a help, and no reason to start no deployment:
// where something cannot be found out it says so, and the start goes on.
type briefing struct {
	insights.Briefing
	start   insights.Start
	changes *changes // nil where there is nothing to compare
	looked  int      // how many records were looked at
	all     int      // of how many
	person  func(string) string
	dir     string // the records' folder on this machine
}

// changes is what is deployed now and was not the last time.
type changes struct {
	since    *records.Record
	from, to string // hashes; from is "" where the record names none
	git.Changes
	suspects []insights.SuspectFile
	problem  string // why nothing is known, or ""
}

// maxCommits is how many commits are asked for.
const maxCommits = 500

// gitPatience is how long git may take to compare two commits. In a large
// repository they may be many years apart.
const gitPatience = 3 * time.Second

// isEmpty tells that there is nothing to say.
func (b *briefing) isEmpty() bool { return b == nil || b.Briefing.IsEmpty() && b.changes == nil }

// readAhead reads the newest records while git is asked. The function that it
// gives waits for them; the past is nil where no briefing is wanted.
func (s *start) readAhead(p *project.Project) func() (*past, error) {
	if s.noBriefing || !p.Config.Briefing {
		return func() (*past, error) { return nil, nil }
	}
	debug.SetGCPercent(400) // what is read lives as long as the command, which is short
	return meanwhile(func() (*past, error) { return s.openPast(p) })
}

// pastDir is the folder with the earlier records: the one that the record will
// be written to, where links between them work.
func (s *start) pastDir(p *project.Project) string {
	if s.records != "" {
		return s.env.Path(s.records)
	}
	return p.RecordsDir()
}

// openPast reads that folder. A configured one must not lead out of the project.
func (s *start) openPast(p *project.Project) (*past, error) {
	if info, err := os.Stat(s.pastDir(p)); err == nil && !info.IsDir() { // a named pipe would not even open
		return nil, fmt.Errorf("%s is not a folder", cli.Shown(s.pastDir(p)))
	}
	if s.records != "" {
		return openPast(func() (*os.Root, error) { return os.OpenRoot(s.pastDir(p)) }, filepath.ToSlash(s.records))
	}
	return openPast(func() (*os.Root, error) {
		root, err := os.OpenRoot(p.Root)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return root.OpenRoot(filepath.FromSlash(p.Config.Records))
	}, p.Config.Records)
}

// brief makes the briefing for a draft; nil where none is wanted.
func (s *start) brief(ctx context.Context, p *project.Project, wait func() (*past, error), template []byte, d records.Draft) *briefing {
	past, err := wait()
	if err != nil {
		s.env.Tell("There is no briefing: earlier records cannot be read: %v", err)
		return nil
	}
	if past == nil {
		return nil
	}
	defer past.Close()
	opt := p.Options()
	b := &briefing{
		start: insights.Start{
			Services: d.Services, Nameless: isNameless(p, d.Services, s.repoService), Environment: d.Environment, Now: s.env.Now(),
			Checklist: records.ParseTemplate(p.Config.Template, template, opt),
		},
		all: len(past.names), person: p.Config.Person, dir: s.pastDir(p),
	}
	var history []*records.Record
	history, b.looked = lookBack(past, b.start, opt)
	b.Briefing = insights.Brief(history, b.start)
	b.changes = s.compare(ctx, p, b, history, d.Commit)
	return b
}

// isNameless tells whether a record that names no service is one of those that
// are deployed now: the repository's name is the service of new records, unless
// the configuration has one.
func isNameless(p *project.Project, services []string, repository string) bool {
	return p.Config.Service == "" && insights.Start{Services: services}.IsService(repository)
}

// withBriefing is the record with the briefing in it.
func (s *start) withBriefing(content []byte, p *project.Project) []byte {
	with, err := s.briefing.insert(content, p.Options())
	if err != nil {
		s.env.Tell("The briefing is not in the record: with it this checklist would be read differently.")
		return content
	}
	return with
}

// compare finds what changed since the last deployment to this environment that
// succeeded, or where none did since the last.
func (s *start) compare(ctx context.Context, p *project.Project, b *briefing, history []*records.Record, commit string) *changes {
	since := b.Succeeded
	if since == nil {
		since = b.Last
	}
	if since == nil || commit == "" || s.repo == nil {
		return nil
	}
	c := &changes{since: since, from: since.Commit.Value, to: commit}
	if c.from == "" {
		c.problem = "that record names no commit"
		return c
	}
	if c.isSame() {
		return c
	}
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	var err error
	c.Changes, err = s.repo.Between(ctx, c.from, commit, maxCommits, inside(p.Root, b.dir))
	switch {
	case errors.Is(err, git.ErrUnknownCommit):
		c.problem = "its commit is not in this clone; it may be a shallow one, or the commit was rebased away"
	case ctx.Err() != nil:
		c.problem = "git took too long to compare them"
	case err != nil:
		c.problem = err.Error()
	}
	ours := slices.DeleteFunc(slices.Clone(history), func(r *records.Record) bool { return !b.start.IsOurs(r) })
	c.suspects = insights.Suspects(c.files(), ours)
	return c
}

// inside is a folder's path relative to another that it lies in, or "", also
// where they are the same.
func inside(root, folder string) string {
	rel, err := filepath.Rel(resolved(root), resolved(folder))
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// files are the changed ones, each once, in order.
func (c *changes) files() []string {
	var all []string
	for _, commit := range c.Added {
		all = append(all, commit.Files...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// none tells that nothing changed but records; see isSame.
func (c *changes) none() bool { return c.problem == "" && len(c.Added)+len(c.Missing) == 0 }

// isSame tells that the commit of the last time is deployed again.
func (c *changes) isSame() bool {
	return c.from != "" && strings.HasPrefix(c.to, strings.ToLower(c.from))
}

// count is how many commits are new, in words.
func (c *changes) count() string {
	switch n := len(c.Added); {
	case c.More:
		return fmt.Sprintf("More than %d commits", maxCommits)
	case n == 1:
		return "1 commit"
	default:
		return fmt.Sprintf("%d commits", n)
	}
}

// outcome is how a deployment ended, in words.
func outcome(r *records.Record) string {
	switch r.Status {
	case records.InProgress:
		return "not finished"
	case records.RolledBack:
		return "rolled back"
	}
	return string(r.Status)
}

// outcomeAt says how a deployment ended and when.
func (b *briefing) outcomeAt(r *records.Record, at string) string {
	if r.IsPast(b.start.Now) {
		return "began on " + at + ", no outcome on record"
	}
	switch r.Status {
	case records.InProgress:
		return "was begun on " + at + " and not finished"
	case records.RolledBack, records.Cancelled:
		return "was " + outcome(r) + " on " + at
	}
	return outcome(r) + " on " + at
}

// when is a record's start, as exactly as it is known.
func when(r *records.Record) string {
	switch {
	case r.Started.IsZero():
		return "an unknown day"
	case r.Started.DateOnly:
		return r.Started.Time.Format(time.DateOnly)
	}
	return r.Started.Time.Format("2006-01-02 15:04")
}

// day is a record's day, or its ID where that is unknown.
func day(r *records.Record) string {
	if r.Started.IsZero() {
		return r.ID
	}
	return r.Started.Time.Format(time.DateOnly)
}

// ago is how many days ago a record started; "" where that is too long to be
// of use, or still to come.
func ago(r *records.Record, now time.Time) string {
	if r.Started.IsZero() {
		return ""
	}
	date := func(t time.Time) time.Time {
		t = t.In(now.Location())
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch days := int(date(now).Sub(date(r.Started.Time)).Hours() / 24); {
	case days < 0 || days > 60:
		return ""
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// lasted is how long a deployment took, "" where that is unknown.
func lasted(r *records.Record) string {
	d, ok := r.Duration()
	if !ok {
		return ""
	}
	minutes := int(d.Round(time.Minute).Minutes())
	switch hours := minutes / 60; {
	case hours >= 48:
		return fmt.Sprintf("%d days", hours/24)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	}
	return fmt.Sprintf("%d min", minutes)
}

// otherOpen are the records that nobody finished, without the last one, of which
// that is said already.
func (b *briefing) otherOpen() []*records.Record {
	return slices.DeleteFunc(slices.Clone(b.Open), func(r *records.Record) bool { return r == b.Last })
}

// people are those who deployed, "" where nobody is named.
func (b *briefing) people(r *records.Record) string {
	var names []string
	for _, d := range r.Deployers {
		names = append(names, b.person(d.Value))
	}
	return strings.Join(names, ", ")
}

// path is where a record's file is, as seen from the folder that the command
// was called in.
func (b *briefing) path(r *records.Record) string {
	return cli.Shown(filepath.Join(b.dir, filepath.FromSlash(r.Name)))
}

// joinSet joins what is not "".
func joinSet(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

// counted is "1 tip", "3 tips".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// cut is one line of at most n characters, cut between words where that loses
// little.
func cut(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	const little = 15
	end := n - 1
	for i := end; i > max(0, end-little); i-- {
		if runes[i] == ' ' {
			end = i
			break
		}
	}
	return strings.TrimRight(string(runes[:end]), " ") + "…"
}
