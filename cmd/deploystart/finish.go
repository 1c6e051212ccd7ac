package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
)

// finish is one call of the command finish.
type finish struct {
	work
	status, at   string
	commit, push bool
}

func finishCommand(env *cli.Env) *cobra.Command {
	f := &finish{work: work{env: env}}
	cmd := &cobra.Command{
		Use:   "finish",
		Short: "Say how the deployment ended",
		Long: `deploystart finish sets the record's status and end, and fills in the metrics
that are empty: start, end, duration, deployed by. Then it says what is still
open or empty.

With --status it asks nothing. Without it a deployment succeeded if every step
is done or skipped. If one failed or is open, nobody but you can say how it
ended: on a terminal it asks for that, and before it whether to go through the
steps that are open, and for the notes that are missing. Enter leaves things as
they are.

With --commit this record alone is committed, with the message "docs: deployment
record for SERVICE YYYY-MM-DD"; other changes, staged or not, stay as they are.`,
		Example: `  deploystart finish
  deploystart finish --status rolled-back --commit --push
  deploystart finish --at 23:40`,
		Args:              cli.NoArguments,
		RunE:              func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context()) },
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := f.addFlags(cmd)
	flags.StringVar(&f.status, "status", "", "how it ended: succeeded, failed, rolled-back or cancelled, `STATUS`")
	flags.StringVar(&f.at, "at", "", "`TIME` of the end, if not now: 14:30, \"2024-08-31 14:30\" or RFC 3339")
	flags.BoolVar(&f.commit, "commit", false, "commit the record, and nothing else")
	flags.BoolVar(&f.push, "push", false, "push the branch afterwards")
	f.addBy(flags)
	f.addJSON(flags)
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(endings(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// aMoment is how far two clocks may differ.
const aMoment = 5 * time.Minute

// endings are the statuses that a deployment can end with.
func endings() (names []string) {
	for _, status := range records.Statuses {
		if status != records.InProgress {
			names = append(names, string(status))
		}
	}
	return names
}

func (f *finish) run(ctx context.Context) error {
	o, err := f.outcome()
	if err == nil && f.push && !f.commit {
		err = errors.New("--push goes with --commit")
	}
	if err != nil {
		return cli.Usage(err)
	}
	j, err := f.find(ctx)
	if err != nil {
		return err
	}
	if f.at != "" && !j.record.Finished.IsZero() {
		return fmt.Errorf("%s has an end already, %s; correct it in the file, or take it out by deploystart resume --record %s", j.path(), j.record.Finished.ISO(), j.record.ID)
	}
	if o.At.After(f.env.Now().Add(aMoment)) {
		f.env.Tell("Careful: %s has not come yet.", o.At.Format("2006-01-02 15:04"))
	}
	asks := o.Status == "" && f.env.Interactive() && !f.json && j.record.Status == records.InProgress
	if asks {
		if err := j.askForTheRest(ctx); err != nil {
			return err
		}
	}
	if o.Status, err = f.settle(ctx, j, o.Status, asks); err != nil {
		return err
	}
	if _, err := j.change(ctx, records.Finish(o)); err != nil {
		return fmt.Errorf("the record is not finished: %w", err)
	}
	return f.conclude(ctx, j)
}

// outcome is what the flags say.
func (f *finish) outcome() (o records.Outcome, err error) {
	if f.status != "" {
		status, ok := records.ParseStatus(f.status)
		if !ok || status == records.InProgress {
			return o, fmt.Errorf("--status %q is no end; write %s", f.status, strings.Join(endings(), ", "))
		}
		o.Status = status
	}
	o.At, err = startTime(f.at, f.env.Now())
	return o, err
}

// settle finds the status: the one that was given, the one that the record has
// already, the one that is clear by the steps, or the one that somebody says.
func (f *finish) settle(ctx context.Context, j *job, given records.Status, asks bool) (records.Status, error) {
	status, err := j.record.OutcomeOfSteps()
	switch {
	case given != "":
		return given, nil
	case j.record.Status != records.InProgress:
		return j.record.Status, nil
	case asks:
		return j.askStatus(ctx, status)
	case err == nil:
		return status, nil
	}
	j.env.Tell("deploystart: the record is not finished: say with --status how the deployment ended. Not done are:")
	j.tellSteps(records.StepFailed, records.StepRunning, records.Pending)
	return "", cli.ErrReported
}

// tellSteps lists the steps that have one of some states.
func (j *job) tellSteps(states ...records.State) {
	for i, s := range j.record.Steps {
		if slices.Contains(states, s.State) {
			j.env.Tell("  %d  %s, %s", i+1, stepName(s), s.State)
		}
	}
}

// conclude says what is on the disk, commits it if asked to, and says what is
// left to do.
func (f *finish) conclude(ctx context.Context, j *job) error {
	result := finishJSONOf(j)
	f.tellFinished(j)
	var err error
	if f.commit {
		result.Commit, err = j.commit(ctx)
	}
	if err == nil && f.push { // also what was committed before
		err = j.push(ctx)
		result.Pushed = err == nil
	}
	return errors.Join(f.print(j, result), err)
}

func (f *finish) print(j *job, result finishJSON) error {
	if f.json {
		return f.env.JSON(result)
	}
	_, err := fmt.Fprintln(f.env.Stdout, j.path())
	return err
}

func (f *finish) tellFinished(j *job) {
	r := j.record
	took := ""
	if d, ok := r.Duration(); ok {
		took = " after " + records.DurationText(d)
	}
	f.env.Tell("Finished: %s %s%s.", r.Title.Value, r.Status.Words(), took)
	if open := openSteps(r); len(open) > 0 {
		f.env.Tell("Still open:")
		j.tellSteps(records.StepRunning, records.Pending)
	}
	if empty := emptySections(r); len(empty) > 0 {
		f.env.Tell("Nothing is written under %s.", strings.Join(empty, ", "))
	}
	if missing := unknownFacts(r); len(missing) > 0 {
		f.env.Tell("Nobody said: %s.", strings.Join(missing, ", "))
	}
	if !f.commit {
		f.env.Tell("Next: commit it:\n  deploystart finish --commit --record %s", r.ID)
	}
}

func openSteps(r *records.Record) (open []int) {
	for i, s := range r.Steps {
		if s.State == records.Pending || s.State == records.StepRunning {
			open = append(open, i)
		}
	}
	return open
}

// emptyKinds are the kinds of notes that the record has none of.
func emptyKinds(r *records.Record) (empty []records.NoteKind) {
	for _, kind := range []records.NoteKind{records.Well, records.Issues, records.Lessons, records.Tips} {
		if !slices.ContainsFunc(r.Notes, func(n records.Note) bool { return n.Kind == kind }) {
			empty = append(empty, kind)
		}
	}
	return empty
}

// unknownFacts are those that people look for first and nobody wrote down.
func unknownFacts(r *records.Record) []string {
	var d records.Draft
	for _, t := range r.Services {
		d.Services = append(d.Services, t.Value)
	}
	for _, t := range r.Deployers {
		d.Deployers = append(d.Deployers, t.Value)
	}
	d.Environment, d.Version = r.Environment.Value, r.Version.Value
	if missing := unknown(d); missing != "" {
		return strings.Split(missing, ", ")
	}
	return []string{}
}

func emptySections(r *records.Record) (titles []string) {
	for _, kind := range emptyKinds(r) {
		titles = append(titles, sectionOf(kind))
	}
	return titles
}

// askForTheRest asks for the steps that are open and the notes that are missing.
// Each answer is on the disk before the next question.
func (j *job) askForTheRest(ctx context.Context) error {
	if done, err := asked(j.askSteps(ctx)); done {
		return err
	}
	for _, kind := range emptyKinds(j.record) {
		if done, err := asked(j.askNotes(ctx, kind)); done {
			return err
		}
	}
	return nil
}

// asked tells whether there is no use in asking on: the input has ended, which
// is no failure, or there is one.
func asked(err error) (done bool, _ error) {
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return err != nil, err
}

// errLeave ends the questions about steps: somebody leaves the rest as it is.
var errLeave = errors.New("the rest is left")

// askSteps asks for the steps that are open, if whoever is asked wants that:
// of a long checklist nobody wants to press Enter for each.
func (j *job) askSteps(ctx context.Context) error {
	var refs []records.StepRef
	for _, i := range openSteps(j.record) {
		refs = append(refs, j.record.Ref(i))
	}
	if len(refs) > 1 {
		goes, err := j.askWhetherToGo(ctx, len(refs))
		if err != nil || !goes {
			return err
		}
	}
	for _, ref := range refs {
		if err := j.askStep(ctx, ref); errors.Is(err, errLeave) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// askWhetherToGo asks once for all steps that are open.
func (j *job) askWhetherToGo(ctx context.Context, open int) (bool, error) {
	for {
		answer, err := j.env.Ask(ctx, "%d steps are open: leave them, or go through them? [leave]", open)
		if err != nil || answer == "" || isBeginOf(answer, "leave") {
			return false, err
		}
		if isBeginOf(answer, "go") {
			return true, nil
		}
	}
}

func isBeginOf(answer, word string) bool { return strings.HasPrefix(word, strings.ToLower(answer)) }

func (j *job) askStep(ctx context.Context, ref records.StepRef) error {
	for {
		i, ok := j.record.Find(ref)
		if !ok {
			return nil
		}
		s := j.record.Steps[i]
		answer, err := j.env.Ask(ctx, "%d %s is %s. Done, failed, skipped? Enter leaves it, leave all that follow.", i+1, stepName(s), s.State)
		if err != nil || answer == "" {
			return err
		}
		if isBeginOf(answer, "leave") {
			return errLeave
		}
		state, ok := answerState(answer)
		if !ok {
			continue
		}
		_, err = j.change(ctx, records.MarkStep(ref, records.Mark{State: state, At: j.env.Now(), By: j.me}))
		return err
	}
}

// answerState reads a state, also by its first letter.
func answerState(answer string) (records.State, bool) {
	if state, ok := map[string]records.State{"d": records.Done, "y": records.Done, "f": records.StepFailed, "s": records.Skipped}[strings.ToLower(answer)]; ok {
		return state, true
	}
	return parseState(answer)
}

// askNotes asks for notes of a kind until nothing is said.
func (j *job) askNotes(ctx context.Context, kind records.NoteKind) error {
	question := sectionOf(kind) + "? Enter leaves it empty."
	for {
		answer, err := j.env.Ask(ctx, "%s", question)
		if err != nil || answer == "" {
			return err
		}
		if _, err = j.change(ctx, records.AddNote(kind, records.NewNote{Text: answer})); errors.Is(err, records.ErrNoNote) {
			return nil
		}
		if err != nil {
			return err
		}
		j.warnOfSecrets(answer)
		question = "More?"
	}
}

// askStatus asks how it ended. usual is what Enter means, "" where that is not
// clear.
func (j *job) askStatus(ctx context.Context, usual records.Status) (records.Status, error) {
	question := "How did it end? " + strings.Join(endings(), ", ")
	if usual != "" {
		question += " [" + string(usual) + "]"
	}
	for {
		answer, err := j.env.Ask(ctx, "%s:", question)
		if errors.Is(err, io.EOF) || answer == "" && err == nil && usual == "" {
			return "", errors.New("the record is not finished: nobody said how the deployment ended")
		}
		if err != nil {
			return "", err
		}
		if answer == "" {
			return usual, nil
		}
		if status, ok := records.ParseStatus(answer); ok && status != records.InProgress {
			return status, nil
		}
	}
}

// finishJSON is what --json prints; null is unknown.
type finishJSON struct {
	workJSON
	Date     *string    `json:"date"`     // RFC 3339
	Finished *string    `json:"finished"` // RFC 3339
	Duration *int       `json:"duration_s"`
	Open     []stepJSON `json:"open"`    // steps
	Failed   []stepJSON `json:"failed"`  // steps
	Empty    []string   `json:"empty"`   // kinds of notes
	Unknown  []string   `json:"unknown"` // facts
	Commit   *string    `json:"commit"`  // of the record; null where it was not committed
	Pushed   bool       `json:"pushed"`
}

func finishJSONOf(j *job) finishJSON {
	r := j.record
	result := finishJSON{
		workJSON: j.result(), Date: orNull(r.Started.ISO()), Finished: orNull(r.Finished.ISO()),
		Open: []stepJSON{}, Failed: []stepJSON{}, Empty: []string{}, Unknown: unknownFacts(r),
	}
	if d, ok := r.Duration(); ok {
		seconds := int(d.Seconds())
		result.Duration = &seconds
	}
	for i, s := range r.Steps {
		switch s.State {
		case records.StepFailed:
			result.Failed = append(result.Failed, stepJSONOf(i, s))
		case records.Pending, records.StepRunning:
			result.Open = append(result.Open, stepJSONOf(i, s))
		}
	}
	for _, kind := range emptyKinds(r) {
		result.Empty = append(result.Empty, string(kind))
	}
	return result
}
