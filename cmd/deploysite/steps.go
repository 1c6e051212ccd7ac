package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

func stepsCommand(env *cli.Env) *cobra.Command {
	opt := countOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "steps",
		Short: "Show how each step of the checklist fared in all records",
		Long: `Follow each step of the checklist through the records: how often it was done,
failed, was skipped or stayed open, how long it took, who has run it, and what
helped when it failed.

A step that was renamed or moved is followed where that is written: in a comment
behind the step, <!-- was: old-key -->, or in the checklist's history in git. Else
it is gone, and another one is new. What may be a ritual is suggested, with the
reason: to automate it, or to drop it.`,
		Example: `  deploysite steps
  deploysite steps --service accounts --since 2026-01-01
  deploysite steps --json`,
	}, func(ctx context.Context) error { return countSteps(ctx, env, opt) })
	opt.flags(env, cmd, "print all steps as JSON")
	return cmd
}

func countSteps(ctx context.Context, env *cli.Env, opt countOptions) error {
	s, p, since, until, err := opt.load(ctx, env)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := opt.known(s); err != nil {
		return err
	}
	all := s.Steps(site.StepFilter{Since: since, Until: until, Service: opt.service, Environment: opt.environment})
	if opt.json {
		return printStepsJSON(env, all)
	}
	return printSteps(env, all, p.Config.Template)
}

// countedJSON is which records of a source the steps are counted from.
type countedJSON struct {
	Source  *string  `json:"source"`
	Counted int      `json:"counted"`
	Bare    int      `json:"without_steps"`
	Foreign int      `json:"other_checklist"`
	Stamped int      `json:"stamped"`
	AtOnce  []string `json:"at_once"`
}

func printStepsJSON(env *cli.Env, all []site.SourceSteps) error {
	rows, counted := []steplog.Row{}, []countedJSON{}
	for _, of := range all {
		rows = append(rows, of.Rows(of.Name)...)
		c := countedJSON{text.OrNull(of.Name), of.Counted, of.Bare, of.Foreign, of.Stamped, []string{}}
		for _, r := range of.AtOnce {
			c.AtOnce = append(c.AtOnce, r.ID)
		}
		counted = append(counted, c)
	}
	return env.JSON(struct {
		Version int           `json:"version"`
		Steps   []steplog.Row `json:"steps"`
		Records []countedJSON `json:"records"`
	}{1, rows, counted})
}

// printSteps writes a table for each source, then what failed last and what is suggested.
func printSteps(env *cli.Env, all []site.SourceSteps, checklist string) error {
	all = slices.DeleteFunc(all, func(of site.SourceSteps) bool { return len(of.Lines) == 0 })
	if len(all) == 0 {
		env.Tell("No step was found in the records, and there is no checklist %s.", checklist)
	} else if !slices.ContainsFunc(all, func(of site.SourceSteps) bool { return of.Counted > 0 }) {
		env.Tell("No step was found in the records asked for.")
	}
	var out strings.Builder
	for i, of := range all {
		if i > 0 {
			out.WriteString("\n")
		}
		if of.Name != "" {
			fmt.Fprintf(&out, "%s\n", text.Visible(of.Name))
		}
		stepTable(&out, of.History)
		stepFailures(&out, of.History)
		stepAdvice(&out, of.History)
	}
	_, err := io.WriteString(env.Stdout, trimmedLines(out.String()))
	return err
}

func stepTable(out io.Writer, h *steplog.History) {
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "STEP\tDONE\tFAILED\tSKIPPED\tOPEN\tOF\tMEDIAN\tRUN BY\t")
	alone := 0
	for _, l := range h.Lines {
		if l.Single() {
			alone++
			continue
		}
		fmt.Fprintf(columns, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\n", stepName(h, l), l.Of(records.Done), l.Of(records.StepFailed), l.Of(records.Skipped),
			l.Of(records.Pending)+l.Of(records.StepRunning), l.N, stepTime(l), stepPeople(l), standingWords[l.Standing])
	}
	columns.Flush()
	if alone > 0 {
		fmt.Fprintf(out, "%s %s in a single record only, and not on the checklist.\n", text.Count(alone, "more step"), text.Is(alone))
	}
}

var standingWords = map[steplog.Standing]string{steplog.New: "new", steplog.Gone: "no longer on the checklist"}

// stepName is a step's label; with its section where another has the same label, or where
// it is gone, since the checklist may have one of the same name.
func stepName(h *steplog.History, l *steplog.Line) string {
	name := l.Label
	twin := func(other *steplog.Line) bool { return other != l && text.Same(other.Label, name) }
	if l.Section != "" && (l.Standing == steplog.Gone || slices.ContainsFunc(h.Lines, twin)) {
		name = l.Section + " / " + name
	}
	return text.Visible(text.OneLine(name, 50))
}

// stepTime is the median, or the cases where there are few.
func stepTime(l *steplog.Line) string {
	show := func(seconds float64) string { return text.Age(time.Duration(seconds) * time.Second) }
	if median, ok := l.Median(); ok && len(l.Times) >= steplog.Few {
		return show(median)
	}
	var cases []string
	for _, t := range l.Times {
		cases = append(cases, show(t))
	}
	return strings.Join(cases, ", ")
}

// stepPeople says who has run a step, and where that is one person alone.
func stepPeople(l *steplog.Line) string {
	if only, ok := l.Only(); ok {
		if only = text.Visible(text.OneLine(only, 40)); l.Unnamed > 0 {
			return fmt.Sprintf("%s, and %d without a name", only, l.Unnamed)
		}
		return "only " + only
	}
	if len(l.People) == 1 {
		return text.Visible(text.OneLine(l.People[0], 40))
	}
	if len(l.People) == 0 {
		return ""
	}
	return fmt.Sprintf("%d people", len(l.People))
}

func stepFailures(out io.Writer, h *steplog.History) {
	title := "\nFailed last:\n"
	for _, l := range h.Lines {
		if len(l.Failures) == 0 || l.Single() {
			continue
		}
		f := l.Failures[0]
		fmt.Fprintf(out, "%s  %s: %d of %d, %s", title, stepName(h, l), l.Of(records.StepFailed), l.N, f.Record.ID)
		if title = ""; f.Fix != "" {
			fmt.Fprintf(out, "; it says: %s", text.Visible(text.OneLine(f.Fix, 200)))
		}
		fmt.Fprintln(out)
	}
}

func stepAdvice(out io.Writer, h *steplog.History) {
	title := "\nRitual?\n"
	for _, l := range h.Lines {
		if s, ok := l.Suggestion(); ok {
			fmt.Fprintf(out, "%s  %s: %s it? %s\n", title, stepName(h, l), s.Do, s.Why())
			title = ""
		}
	}
	if n := len(h.AtOnce); n > 0 {
		fmt.Fprintf(out, "%s  All marks within a minute: %d of %d with a time at every mark, such as %s\n", title, n, h.Stamped, h.AtOnce[0].ID)
	}
}
