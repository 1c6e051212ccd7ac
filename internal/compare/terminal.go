package compare

import (
	"fmt"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// A Report is two records side by side, to be printed.
type Report struct {
	Before, After Found
	Comparison
	Commits Commits
	Issues  []Repeat
	Now     time.Time
}

// shownCommits is how many commits a terminal shows.
const shownCommits = 20

// Terminal is what differs, for people. Its lines are as long as they are.
func (r *Report) Terminal() string {
	var out lines
	out.add("Before  %s  %s", r.Before.ID, text.OneLine(r.Before.Title.Value, 100))
	out.add("After   %s  %s", r.After.ID, text.OneLine(r.After.Title.Value, 100))
	out.add("")
	out.changed("outcome", insights.StateWords(r.Before.Record, r.Now), insights.StateWords(r.After.Record, r.Now))
	out.changed("version", r.Before.Version.Value, r.After.Version.Value)
	out.changed("by", strings.Join(r.Before.people(), ", "), strings.Join(r.After.people(), ", "))
	out.time("took", r.Took())
	for _, p := range r.Phases {
		out.time("time of "+text.OneLine(p.Section, 60), p)
	}
	out.steps(r.Steps)
	out.commits(r.Commits)
	for _, repeat := range r.Issues {
		out.add("issue met again: %s; then: %s", repeat.After.Summary(), repeat.Before.Summary())
		if repeat.Helped != "" {
			out.add("  what helped: %s", text.OneLine(repeat.Helped, 200))
		}
	}
	return text.Visible(out.String())
}

type lines struct{ strings.Builder }

func (l *lines) add(format string, args ...any) { fmt.Fprintf(l, format+"\n", args...) }

func (l *lines) changed(what, before, after string) {
	if before != after {
		l.add("%s: %s → %s", what, shown(before), shown(after))
	}
}

// time says how long something took.
func (l *lines) time(what string, p Phase) {
	p = p.Minutes()
	say := func(d *time.Duration) string {
		switch {
		case d == nil:
			return "unknown"
		case *d < time.Minute:
			return text.Age(*d)
		}
		return records.DurationText(*d)
	}
	before, after := say(p.Before), say(p.After)
	longer, known := p.Longer()
	switch {
	case before == after:
	case known && longer > 0:
		l.add("%s: %s → %s, %s longer", what, before, after, records.DurationText(longer))
	case known:
		l.add("%s: %s → %s, %s less", what, before, after, records.DurationText(-longer))
	default:
		l.add("%s: %s → %s", what, before, after)
	}
}

func (l *lines) steps(s Steps) {
	label := func(s Step) string { return text.OneLine(s.Label(), 80) }
	for _, p := range s.Differ {
		l.add("step %s: %s → %s", label(p.After), p.Before.State(), p.After.State())
	}
	for _, p := range s.Renamed {
		l.add("step renamed: %s → %s", label(p.Before), label(p.After))
	}
	for _, p := range s.Moved {
		l.add("step moved: %s%s", label(p.After), sections(p))
	}
	for _, step := range s.New {
		l.add("step new: %s", label(step))
	}
	for _, step := range s.Gone {
		l.add("step gone: %s", label(step))
	}
	l.add("steps in both: %d", s.Shared)
}

func sections(p Pair) string {
	if p.Before.Section() == p.After.Section() {
		return ""
	}
	return fmt.Sprintf(", from %s to %s", shown(p.Before.Section()), shown(p.After.Section()))
}

func (l *lines) commits(c Commits) {
	switch {
	case c.Gap != NoGap:
		l.add("commits: unknown; %s", c.Gap.Why())
		return
	case c.Same:
		l.add("commits: none; both name the same")
		return
	case len(c.Added) == 0:
		l.add("commits: none but of records")
	case c.More:
		l.add("commits: more than %d", len(c.Added))
	default:
		l.add("commits: %d", len(c.Added))
	}
	for _, commit := range c.Added[:min(shownCommits, len(c.Added))] {
		l.add("  %.7s %s", commit.Hash, text.OneLine(commit.Subject, 100))
	}
	if more := len(c.Added) - shownCommits; more > 0 {
		l.add("  and %d more", more)
	}
	if n := len(c.Missing); n > 0 {
		l.add("careful: %s of the earlier one %s not in the later one, such as %.7s %s", text.Count(n, "commit"), text.Is(n), c.Missing[0].Hash, text.OneLine(c.Missing[0].Subject, 100))
	}
	if c.Shallow {
		l.add("careful: this clone is shallow, so some of these commits may be older")
	}
}

// Why is a gap in words, and what to do about it.
func (g Gap) Why() string {
	switch g {
	case NoCommit:
		return "no commit was found among the later record's facts"
	case NoCommitBefore:
		return "no commit was found among the earlier record's facts"
	case NotHere:
		return "this clone does not have both; git fetch may get them, unless they were rebased away or belong to another repository"
	case NotInShallow:
		return "this shallow clone does not have both; git fetch --unshallow gets them"
	case NoGit:
		return "git cannot be asked about both here"
	}
	return ""
}
