package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

// step is one call of the command step.
type step struct {
	call
	note  string
	noted bool // --note was given
}

func stepCommand(env *cli.Env) *cobra.Command {
	s := &step{call: call{env: env}}
	cmd := &cobra.Command{
		Use:        "step [STEP] [STATE]",
		Short:      "Mark a step of the record, or list the steps",
		SuggestFor: []string{"done", "fail", "failed", "mark", "skip", "skipped"},
		Long: `deploystart step marks a step of the record with its state, the time and your
name, and changes nothing else in the file.

STEP is its number, its key, or words of it that no other step has. STATE is
done, failed, skipped, in-progress or pending; without one the step is done.
Without STEP, on a terminal, you work through all of them with single keys;
elsewhere they are listed.`,
		Example: `  deploystart step                                # works through the checklist
  deploystart step 3                              # it is done
  deploystart step real use failed --note "login answers 502"
  deploystart step verify/background-work skipped`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.noted = cmd.Flags().Changed("note")
			return s.run(cmd.Context(), args)
		},
		ValidArgsFunction: s.complete,
	}
	flags := s.addFlags(cmd)
	flags.StringVar(&s.note, "note", "", "write `TEXT` below the step")
	s.addBy(flags)
	s.addJSON(flags)
	return cmd
}

func (s *step) run(ctx context.Context, args []string) error {
	if s.noted && strings.TrimSpace(s.note) == "" {
		return cli.Usagef("--note is empty")
	}
	if len(args) == 0 && s.note != "" {
		return cli.Usagef("--note needs a step to write it below")
	}
	j, err := s.find(ctx)
	switch {
	case err != nil:
		return err
	case len(args) == 0 && s.env.Interactive() && !s.json:
		return j.workThroughChecklist(ctx)
	case len(args) == 0:
		return j.listSteps()
	}
	i, state, err := j.stepAndState(args)
	if err != nil {
		return err
	}
	return s.mark(ctx, j, i, state)
}

// stepAndState reads the arguments: the words of a step, and perhaps a state
// behind them. A step that is called by all of the words comes first: the last
// of them may sound like a state.
func (j *job) stepAndState(args []string) (i int, state records.State, err error) {
	words := strings.Join(args, " ")
	if before, ok := strings.CutSuffix(strings.ToLower(words), " in progress"); ok && len(records.StepsCalled(j.Record.Steps, words)) == 0 {
		words = words[:len(before)] + " in-progress" // as the checklist calls it
	}
	step, said := records.CutState(words)
	ends, ok := records.ParseState(said)
	if called := records.StepsCalled(j.Record.Steps, words); len(called) == 1 && (len(text.Words(said)) > 0 || strings.HasSuffix(j.Record.Steps[called[0]].Label, said)) {
		return called[0], records.Done, nil
	}
	_, isState := records.ParseState(words)
	switch {
	case strings.TrimSpace(step+said) == "":
		return 0, "", cli.Usagef("say which step: its number, or words of it")
	case isState && len(records.StepsCalled(j.Record.Steps, words)) == 0: // which step, it does not say
		return 0, "", cli.Usagef("say which step is %s: its number, or words of it", words)
	case said == "":
		i, err = j.step(strings.Fields(words))
		return i, records.Done, err
	case !ok:
		return 0, "", cli.Usage(noState(said))
	}
	i, err = j.step(strings.Fields(step))
	return i, ends, err
}

// step finds the one step that is meant.
func (j *job) step(words []string) (int, error) {
	word := strings.Join(words, " ")
	found := records.FindSteps(j.Record.Steps, word)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		if conflict := j.Record.Conflict(); conflict != nil { // because of which there are no steps
			return 0, problem.List{*conflict}
		}
		return 0, cli.Usage(errors.New(j.noSuchStep(words)))
	}
	j.env.Tell("deploystart: %d steps could be meant by %q; give the number:", len(found), word)
	for _, i := range found {
		j.env.Tell("  %d  %s", i+1, j.Record.Steps[i].Name())
	}
	return 0, cli.ErrReportedUsage
}

func noState(said string) error {
	return fmt.Errorf("%q is no state; a step is done, failed, skipped, in-progress or pending", said)
}

// howToStep says how text becomes steps.
const howToStep = ": a step begins with a box, so put - [ ] in front of each; a new record gets them by itself, one that was copied from a checklist without boxes has none"

// severalNumbers matches "3 4 5", "3,4" and "3-5".
var severalNumbers = text.Pattern(`^\d+(?:(?: *[,–-] *| )\d+)+$`)

// noSuchStep says what could have been meant.
func (j *job) noSuchStep(words []string) string {
	word := strings.Join(words, " ")
	if len(j.Record.Steps) == 0 {
		return j.File.Name + " has no steps" + howToStep
	}
	if n, err := strconv.Atoi(word); err == nil {
		return fmt.Sprintf("there is no step %d; %s has %d", n, j.File.Name, len(j.Record.Steps))
	}
	last := words[len(words)-1]
	if state := text.Nearest(last, records.StateWords()); state != "" && len(words) > 1 {
		if _, known := records.ParseState(last); !known {
			return fmt.Sprintf("%q is no state; did you mean %s?", last, state)
		}
	}
	if severalNumbers().MatchString(word) {
		return fmt.Sprintf("%s are several steps; mark one after the other", word)
	}
	if before := words[:len(words)-1]; len(before) > 0 && len(records.FindSteps(j.Record.Steps, strings.Join(before, " "))) == 1 {
		return noState(last).Error()
	}
	message := fmt.Sprintf("no step of %s is called %q", j.File.Name, word)
	if len(word) < 3 {
		return message + "; of a word at least three letters are needed; deploystart step shows all steps"
	}
	var labels []string
	for _, s := range j.Record.Steps {
		labels = append(labels, strings.ToLower(s.Label))
	}
	if near := text.Nearest(word, labels); near != "" {
		return message + fmt.Sprintf("; did you mean %q?", near)
	}
	return message + "; deploystart step shows them all"
}

// mark writes the state and the note.
func (s *step) mark(ctx context.Context, j *job, i int, state records.State) error {
	ref, was := j.Record.Ref(i), j.Record.Steps[i]
	change := records.MarkStep(ref, records.Mark{State: state, At: s.env.Now(), By: j.Me})
	if s.note != "" {
		change = records.Changes(change, records.AddStepNote(ref, records.NewNote{Text: s.note, Stamp: j.stamp()}))
	}
	before, err := j.Change(ctx, change)
	if errors.Is(err, records.ErrNoNote) {
		return cli.Usagef("--note is empty")
	}
	if err != nil && s.note != "" {
		return fmt.Errorf("nothing was written, nor was the step marked: %w", err)
	}
	if err != nil {
		return err
	}
	if now, ok := j.Record.Find(ref); ok {
		i = now
	}
	j.WarnOfSecrets(s.note)
	return j.tellMarked(before, i, was)
}

// tellMarked says what is on the disk.
func (j *job) tellMarked(before *records.Record, i int, was records.Step) error {
	now := j.Record.Steps[i]
	if j.json {
		return j.env.JSON(struct {
			work.Result
			Step    work.Step `json:"step"`
			Changed bool      `json:"changed"`
		}{j.Result(), j.Step(i), string(before.Source) != string(j.Record.Source)})
	}
	if now.State == was.State && now.At.Equal(was.At) {
		j.env.Tell("%d %s is %s already%s (%s).", i+1, now.Label, now.State, sinceWhen(now), j.Record.ID)
		return nil
	}
	j.env.Tell("%d %s: %s (%s)", i+1, now.Label, now.State, j.Record.ID)
	return nil
}

func sinceWhen(s records.Step) string {
	if s.At.IsZero() {
		return ""
	}
	return ", " + text.Join(", ", s.At.Format("2006-01-02 15:04"), s.By)
}

// listSteps prints the steps with their numbers.
func (j *job) listSteps() error {
	if j.json {
		return j.env.JSON(struct {
			work.Result
			Steps []work.Step `json:"steps"`
		}{j.Result(), j.Steps(records.States...)})
	}
	if conflict := j.Record.Conflict(); conflict != nil {
		return problem.List{*conflict}
	}
	j.env.Tell("%s: %s", j.Path(), j.Record.Title.Value)
	if len(j.Record.Steps) == 0 {
		j.env.Tell("It has no steps%s.", howToStep)
	}
	out := tabwriter.NewWriter(j.env.Stdout, 0, 0, 2, ' ', 0)
	section := ""
	for i, s := range j.Record.Steps {
		if name := s.Place(); name != section {
			section = name
			fmt.Fprintf(out, "%s\n", j.oneCell(section))
		}
		fmt.Fprintf(out, "%3d\t%s\t%s\t%s\t%s%s\n", i+1, s.State, atTime(s, j.Record), j.oneCell(s.By), strings.Repeat("  ", s.Depth), j.oneCell(s.Label))
	}
	return out.Flush()
}

// oneCell is a text of a record in a table for a terminal.
func (c *call) oneCell(s string) string { return text.Visible(text.Cut(c.env.Hide(s), 60)) }

// atTime is when a step was marked: the hour, with the day unless it is that of
// the start.
func atTime(s records.Step, r *records.Record) string {
	switch {
	case s.At.IsZero():
		return ""
	case s.At.Format(time.DateOnly) == r.Started.Time.Format(time.DateOnly):
		return s.At.Format("15:04")
	}
	return s.At.Format("2006-01-02 15:04")
}

// complete completes the step's key, then the state.
func (s *step) complete(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	if len(args) > 0 {
		for _, state := range records.States {
			words = append(words, string(state))
		}
		return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
	s.env = s.env.Quiet()
	j, err := s.find(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for i, step := range j.Record.Steps {
		words = append(words, fmt.Sprintf("%s\t%d %s, %s", step.Key, i+1, j.oneCell(step.Label), step.State))
	}
	return slices.Compact(words), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
