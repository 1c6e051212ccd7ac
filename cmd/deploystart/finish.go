package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// finish is one call of the command finish.
type finish struct {
	call
	status, at   string
	commit, push bool
	allowSecrets bool
}

func finishCommand(env *cli.Env) *cobra.Command {
	f := &finish{call: call{env: env}}
	cmd := cli.Alone(&cobra.Command{
		Use:   "finish",
		Short: "Say how the deployment ended",
		Long: `deploystart finish sets the record's status and end, and fills in the metrics
that are empty: start, end, duration, deployed by. Then it says what is still
open or empty.

With --status it asks nothing, but whether a deployment with steps that failed
succeeded. Without it a deployment succeeded if every step is done or skipped. If
one failed or is open, nobody but you can say how it ended: on a terminal it asks
for that, and before it whether to go through the steps that are open, and for the
notes that are missing. Enter leaves things as they are.

With --commit this record alone is committed, with the message "docs: deployment
record for SERVICE YYYY-MM-DD"; other changes, staged or not, stay as they are. A
record that holds what looks like a secret is not committed: take it out, or say
by --allow-secrets that it is none.`,
		Example: `  deploystart finish
  deploystart finish --status rolled-back --commit --push
  deploystart finish --at 23:40`,
	}, f.run)
	flags := f.addFlags(cmd)
	flags.StringVar(&f.status, "status", "", "how it ended: succeeded, failed, rolled-back or cancelled, `STATUS`")
	flags.StringVar(&f.at, "at", "", "`TIME` of the end, if not now: 14:30, \"2024-08-31 14:30\" or RFC 3339")
	flags.BoolVar(&f.commit, "commit", false, "commit the record, and nothing else")
	flags.BoolVar(&f.allowSecrets, "allow-secrets", false, "commit it even if something in it looks like a secret")
	flags.BoolVar(&f.push, "push", false, "push the branch afterwards")
	f.addBy(flags)
	f.addJSON(flags)
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(cli.Names(records.Endings), cobra.ShellCompDirectiveNoFileComp))
	return cmd
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
	if f.at != "" && !j.Record.Finished.IsZero() {
		return fmt.Errorf("%s has an end already, %s; correct it in the file, or take it out by deploystart resume --record %s", j.Path(), j.Record.Finished.ISO(), j.Record.ID)
	}
	asks := o.Status == "" && f.env.Interactive() && !f.json && j.Record.Status == records.InProgress
	if asks {
		if err := j.AskForTheRest(ctx); err != nil {
			return err
		}
	}
	if o.Status, err = f.settle(ctx, j, o.Status, asks); err != nil {
		return err
	}
	before, err := j.Change(ctx, records.Finish(o))
	if err != nil {
		return fmt.Errorf("the record is not finished: %w", err)
	}
	return f.conclude(ctx, j, before)
}

// outcome is what the flags say.
func (f *finish) outcome() (o records.Outcome, err error) {
	if f.status != "" {
		status, ok := records.ParseStatus(f.status)
		if !ok || status == records.InProgress {
			names, meant := cli.Names(records.Endings), ""
			if near := text.Nearest(f.status, append(names, "success", "failure", "rollback")); near != "" {
				meant = fmt.Sprintf("did you mean %s? ", near)
			}
			return o, fmt.Errorf("--status %q does not say how a deployment ends; %swrite %s", f.status, meant, strings.Join(names, ", "))
		}
		o.Status = status
	}
	o.At, err = pastTime(f.at, f.env.Now())
	return o, err
}

// settle finds the status: the one that was given, the one that the record has
// already, the one that is clear by the steps, or the one that somebody says.
func (f *finish) settle(ctx context.Context, j *job, given records.Status, asks bool) (records.Status, error) {
	status, err := j.Record.OutcomeOfSteps()
	switch {
	case given == records.Succeeded && j.Failed() > 0:
		return given, f.doubt(ctx, j)
	case given != "":
		return given, nil
	case j.Record.Status != records.InProgress:
		return j.Record.Status, nil
	case asks:
		tellFailed(j)
		return j.AskStatus(ctx, status)
	case err == nil:
		return status, nil
	}
	j.env.Tell("deploystart: the record is not finished: say with --status how the deployment ended. Not done are:")
	j.TellSteps(records.StepFailed, records.StepRunning, records.Pending)
	return "", cli.ErrReported
}

// doubt names the steps that failed in a deployment that is said to have succeeded. On
// a terminal it asks whether that is meant.
func (f *finish) doubt(ctx context.Context, j *job) error {
	tellFailed(j)
	if !f.env.Interactive() || f.json {
		j.env.Tell("You say succeeded all the same; deploystart step marks a step that was mended.")
		return nil
	}
	did, err := f.env.Confirm(ctx, "Did the deployment succeed all the same?")
	if err != nil {
		return err
	}
	if !did {
		return errors.New("the record is not finished; give another --status, or mark the steps that were mended")
	}
	return nil
}

// tellFailed names the steps that failed, before somebody says how it ended.
func tellFailed(j *job) {
	if failed := j.Failed(); failed > 0 {
		j.env.Tell("%s failed:", text.Count(failed, "step"))
		j.TellSteps(records.StepFailed)
	}
}

// conclude says what is on the disk, commits it if asked to, and says what is
// left to do. Of a record that was finished before, in these words, that is little.
func (f *finish) conclude(ctx context.Context, j *job, was *records.Record) error {
	result := j.End()
	before := string(was.Source) == string(j.Record.Source)
	if before {
		f.env.Tell("Finished already: %s %s.", j.Record.Title.Value, j.Record.Status.Words())
	} else {
		f.tellFinished(j, was)
	}
	switch {
	case f.commit:
	case before && j.Committed(ctx):
		f.env.Tell("Nothing to commit: this is what is committed already.")
	default:
		f.env.Tell("Next: commit it:\n  deploystart finish --commit --record %s", j.Record.ID)
	}
	var err error
	if f.commit {
		result.Commit, err = j.Commit(ctx, f.allowSecrets)
	}
	if err == nil && f.push { // also what was committed before
		err = j.Push(ctx)
		result.Pushed = err == nil
	}
	return errors.Join(j.print(result), err)
}

// inFrontMatter is where a record with front matter says who deploys.
const inFrontMatter = "behind deployer:"

// whoDeploys says how a deployer is known that nobody said.
func whoDeploys(missing []string, place string) string {
	if !slices.Contains(missing, "deployer") {
		return ""
	}
	return " Your name is that of git config user.name; in this record write it " + place + "."
}

func (f *finish) tellFinished(j *job, was *records.Record) {
	r := j.Record
	took := ""
	d, ok := r.Duration()
	if ok {
		took = " after " + records.DurationText(d)
	}
	if f.at != "" { // of a time of day nobody knows which day is meant
		took += ", on " + r.Finished.Time.Format("2006-01-02 15:04")
	}
	f.env.Tell("Finished: %s %s%s.", r.Title.Value, r.Status.Words(), took)
	if f.at == "" && was.Finished.IsZero() && d >= 24*time.Hour {
		f.env.Tell("Its end is now, %s. If that was earlier: deploystart undo, then deploystart finish --record %s --at \"%s\", with the time of the end.", r.Finished.Time.Format("2006-01-02 15:04"), r.ID, r.Started.Time.Format("2006-01-02 15:04"))
	}
	if open := r.OpenSteps(); len(open) > 0 && r.Status != records.Cancelled {
		f.env.Tell("Still open:")
		j.TellSteps(records.StepRunning, records.Pending)
	}
	var empty []string
	for _, kind := range r.EmptyKinds() {
		empty = append(empty, kind.Section())
	}
	if len(empty) > 0 {
		f.env.Tell("Nothing is written under %s.", strings.Join(empty, ", "))
	}
	if missing := r.Unknown(); len(missing) > 0 {
		place := inFrontMatter
		if r.FrontMatter.Format == "" {
			place = "behind Deployed By: in its metrics"
		}
		f.env.Tell("Nobody said: %s.%s", strings.Join(missing, ", "), whoDeploys(missing, place))
	}
}
