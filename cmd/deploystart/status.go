package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

// standing is one call of the command status.
type standing struct {
	env                    *cli.Env
	project                *project.Project
	services, environments []string
	at                     string
	json                   bool
}

func statusCommand(env *cli.Env) *cobra.Command {
	s := &standing{env: env}
	cmd := cli.Alone(&cobra.Command{
		Use:   "status",
		Short: "Say what runs where, what to go back to, and who is deploying",
		Long: `deploystart status says for each service in each environment which version runs
and since when, how the latest deployment ended, what to go back to, and which
deployment is under way, at which step. It reads the records and nothing else.

What runs is the last deployment that succeeded, or what a later rollback went
back to. After a record whose outcome is unknown, and after a rollback that
failed, nobody can tell, and it says so.`,
		Example: `  deploystart status
  deploystart status --environment production
  deploystart status --service scores-api --at 2026-05-14
  deploystart status --json`,
	}, s.run)
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&s.services, "service", "s", nil, "only this service, `NAME`; may be given several times")
	flags.StringArrayVarP(&s.environments, "environment", "e", nil, "only this environment, `NAME`; may be given several times")
	flags.StringVar(&s.at, "at", "", "as it was at the end of a `DAY` such as 2026-05-14, or at a time as deploystart --at takes it")
	flags.BoolVar(&s.json, "json", false, "print it as JSON")
	(&start{New: work.New{Env: env}}).completeNames(cmd, "service", "environment")
	_ = cmd.RegisterFlagCompletionFunc("at", cobra.NoFileCompletions)
	return cmd
}

func (s *standing) run(ctx context.Context) (err error) {
	if s.project, err = work.OpenProject(s.env, "nothing was read"); err != nil {
		return err
	}
	now, err := s.env.Clock()
	if err != nil {
		return err
	}
	at, err := momentOf(s.at, now.In(s.project.Config.Location))
	if err != nil {
		return cli.Usage(err)
	}
	board, err := work.Standing(ctx, s.project, at)
	if err != nil {
		return err
	}
	for _, limit := range []struct {
		what  string
		names []string
		of    func(work.Cell) string
	}{
		{"service", s.services, func(c work.Cell) string { return c.Service }},
		{"environment", s.environments, func(c work.Cell) string { return c.Environment }},
	} {
		if len(board.Cells) == 0 && s.at != "" {
			break // there was nothing yet, whatever its name
		}
		if err := board.Only(limit.what, limit.names, limit.of); err != nil {
			return cli.Usage(s.asOf(err))
		}
	}
	if s.project.HasSources() {
		s.env.Tell("Only the records of this folder are read, not those of its sources; deploysite history has all.")
	}
	if s.json {
		err = s.env.JSON(board.JSON())
	} else {
		err = s.print(board)
	}
	if err != nil {
		return err
	}
	return s.env.Problems(board.Unread)
}

// asOf adds the day that was asked for to an error: what has no name then may have one now.
func (s *standing) asOf(err error) error {
	if s.at == "" {
		return err
	}
	return fmt.Errorf("as of %s: %w", s.at, err)
}

// momentOf is the moment that --at means: the end of a day, or a time.
func momentOf(at string, now time.Time) (time.Time, error) {
	moment, err := time.ParseInLocation(time.DateOnly, at, now.Location())
	if err == nil {
		moment = moment.AddDate(0, 0, 1).Add(-time.Second)
		if moment.After(now) && moment.Format(time.DateOnly) == now.Format(time.DateOnly) {
			return now, nil
		}
	} else {
		if moment, err = pastTime(at, now); errors.Is(err, errNoTime) {
			err = fmt.Errorf("%w; or a day alone, 2024-08-31", err)
		}
		return moment, err
	}
	return moment, notYet(at, moment, now)
}

// print writes a table for each environment.
func (s *standing) print(b *work.Board) error {
	if len(b.Cells) == 0 {
		s.env.Tell("No deployment had begun by %s.", b.At.Format("2006-01-02 15:04"))
	}
	var out strings.Builder
	for i, c := range b.Cells {
		if i > 0 && c.Environment == b.Cells[i-1].Environment {
			continue
		}
		fmt.Fprintf(&out, "%s\n", text.Visible(cmp.Or(text.OneLine(c.Environment, 60), "unknown environment")))
		end := slices.IndexFunc(b.Cells[i:], func(other work.Cell) bool { return other.Environment != c.Environment })
		if end < 0 {
			end = len(b.Cells) - i
		}
		s.table(&out, b, b.Cells[i:i+end])
	}
	if n := len(b.Undated); n > 0 {
		s.env.Tell("%s not counted, since nothing tells the start: such as %s.", text.CountIs(n, "record"), b.Undated[0].File)
	}
	_, err := io.WriteString(s.env.Stdout, out.String())
	return err
}

// table writes one environment's cells, and below each what does not fit a column.
func (s *standing) table(out *strings.Builder, b *work.Board, cells []work.Cell) {
	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = text.Visible(cmp.Or(text.OneLine(cells[i], 30), "–"))
		}
		fmt.Fprintf(columns, "  %s\n", strings.Join(cells, "\t"))
	}
	row("SERVICE", "RUNS", "AGE", "BY", "LATEST", "BACK TO")
	for _, c := range cells {
		row(c.Service, s.runs(c), age(c.By, b.At), s.people(c.By), s.outcome(c.Latest, b), deployed(c.GoBackTo))
	}
	columns.Flush()
	lines := strings.SplitAfter(table.String(), "\n")
	out.WriteString(lines[0])
	for i, c := range cells {
		out.WriteString(strings.TrimRight(lines[i+1], " \n") + "\n")
		for _, line := range s.remarks(c, b) {
			fmt.Fprintf(out, "      %s\n", text.Visible(line))
		}
	}
}

func (s *standing) runs(c work.Cell) string {
	switch {
	case c.Running != nil:
		return deployed(c.Running)
	case c.By != nil:
		return "unknown"
	}
	return ""
}

// deployed is what a record brought: its version, or else its commit. Where it names
// neither, it stands for it.
func deployed(r *records.Record) string {
	switch {
	case r == nil:
		return ""
	case !r.Version.IsZero():
		return r.Version.Value
	case !r.Commit.IsZero():
		return "commit " + r.Commit.Value[:min(12, len(r.Commit.Value))]
	}
	return "record " + r.ID
}

// remarks say what is under way, and why it is not known what runs.
func (s *standing) remarks(c work.Cell, b *work.Board) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	switch {
	case c.By == nil || c.By == c.Running:
	case c.Running != nil:
		say("back since the rollback %s", c.By.ID)
	case insights.OutcomeUnknown(c.By, b.At):
		say("how %s ended is unknown", c.By.ID)
	case c.By.Status != records.Succeeded:
		say("the rollback %s did not succeed", c.By.ID)
	default:
		say("what the rollback %s went back to is unknown", c.By.ID)
	}
	open := c.Others
	if c.UnderWay != nil {
		open = append([]*records.Record{c.UnderWay}, open...)
	}
	for _, r := range open {
		step := "no step is open"
		if i := insights.AtStep(r); i >= 0 {
			step = fmt.Sprintf("step %d of %d, %s", i+1, len(r.Steps), text.OneLine(r.Steps[i].Label, 40))
		}
		how := "under way " + lasting(r.Started, b.At)
		if insights.Unfinished(r, b.At) {
			how = "unfinished, begun on " + r.Started.Words()
		}
		say("%s: %s, %s%s", how, r.ID, step, join(", by ", s.people(r)))
	}
	return all
}

func join(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func (s *standing) people(r *records.Record) string {
	if r == nil {
		return ""
	}
	var names []string
	for _, name := range r.Deployers {
		names = append(names, s.project.Config.Person(name.Value))
	}
	return strings.Join(names, ", ")
}

func (s *standing) outcome(r *records.Record, b *work.Board) string {
	switch {
	case r == nil:
		return ""
	case insights.OutcomeUnknown(r, b.At):
		return "unknown"
	}
	return r.Status.Words()
}

// age is how long ago a record took effect.
func age(r *records.Record, at time.Time) string {
	if r == nil {
		return ""
	}
	return since(insights.Effect(r), at)
}

// lasting is for how long something goes on, or since when, where no hour is known.
func lasting(m records.Moment, at time.Time) string {
	if s := since(m, at); s != m.Words() {
		return "for " + s
	}
	return "since " + m.Words()
}

// begun is how long ago something began. From a day on it is the date: days are counted
// by the calendar in briefings, and in spans of 24 hours here.
func begun(m records.Moment, at time.Time) string {
	if d := at.Sub(m.Time); !m.DateOnly && d < 24*time.Hour {
		return text.Age(d) + " ago"
	}
	return "on " + m.Words()
}

func since(m records.Moment, at time.Time) string {
	d := at.Sub(m.Time)
	if m.DateOnly && d < 48*time.Hour {
		return m.Words()
	}
	return text.Age(d)
}
