package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
)

// cancel is one call of the command cancel.
type cancel struct {
	work
	reason string
}

func cancelCommand(env *cli.Env) *cobra.Command {
	c := &cancel{work: work{env: env}}
	cmd := &cobra.Command{
		Use:   "cancel --reason TEXT",
		Short: "Give the deployment up, and say why",
		Long: `deploystart cancel sets the record's status to cancelled, with its end, and
writes the reason among the issues, where the next one reads it. The record
stays, and may be taken up again by deploystart resume.`,
		Example:           `  deploystart cancel --reason "The vendor's API is down until Monday."`,
		Args:              cli.NoArguments,
		RunE:              func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := c.addFlags(cmd)
	flags.StringVar(&c.reason, "reason", "", "why, `TEXT`")
	c.addBy(flags)
	c.addJSON(flags)
	return cmd
}

func (c *cancel) run(ctx context.Context) error {
	if c.reason == "" && c.env.Interactive() {
		c.reason, _ = c.env.Ask(ctx, "Why?")
	}
	if c.reason = strings.TrimSpace(c.reason); c.reason == "" {
		return cli.Usagef("say why with --reason TEXT: the next one will want to know")
	}
	j, err := c.find(ctx)
	if err != nil {
		return err
	}
	_, err = j.change(ctx, records.Changes(
		records.AddNote(records.Issues, records.NewNote{Text: "Cancelled: " + c.reason}),
		records.Finish(records.Outcome{Status: records.Cancelled, At: c.env.Now()})))
	if err != nil {
		return fmt.Errorf("the record is not cancelled: %w", err)
	}
	j.warnOfSecrets(c.reason)
	j.env.Tell("Cancelled: %s. To go on with it after all:\n  deploystart resume --record %s", j.record.Title.Value, j.record.ID)
	return j.print()
}

// print writes the result to stdout: the record's path, or JSON.
func (j *job) print() error {
	if j.json {
		return j.env.JSON(j.result())
	}
	_, err := fmt.Fprintln(j.env.Stdout, j.path())
	return err
}

func resumeCommand(env *cli.Env) *cobra.Command {
	w := &work{env: env}
	cmd := &cobra.Command{
		Use:   "resume",
		Short: "Take a record up again that was finished or cancelled",
		Long: `deploystart resume sets the record's status back to in-progress and takes its
end away. Without --record it is the newest record of yours.`,
		Example: `  deploystart resume
  deploystart resume --record 2024-08-31-14-30`,
		Args:              cli.NoArguments,
		RunE:              func(cmd *cobra.Command, _ []string) error { return w.resume(cmd.Context()) },
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	w.addBy(w.addFlags(cmd))
	w.addJSON(cmd.Flags())
	return cmd
}

func (w *work) resume(ctx context.Context) error {
	j, err := w.findFinished(ctx)
	if err != nil {
		return err
	}
	if j.record.Status == records.InProgress {
		return fmt.Errorf("%s is in progress already", j.path())
	}
	before, err := j.change(ctx, records.Reopen)
	if err != nil {
		return fmt.Errorf("the record is not resumed: %w", err)
	}
	j.env.Tell("In progress again: %s. It was %s%s.", j.record.Title.Value, before.Status.Words(), endOf(before))
	return j.print()
}

func endOf(r *records.Record) string {
	if r.Finished.IsZero() {
		return ""
	}
	return ", with the end " + r.Finished.ISO() + ", which is taken out"
}

// findFinished finds the record that --record names, or else the newest of the
// one who asks.
func (w *work) findFinished(ctx context.Context) (*job, error) {
	if w.name != "" {
		return w.find(ctx)
	}
	j, err := w.begin(ctx)
	if err != nil {
		return nil, err
	}
	if j.me == "" {
		return nil, cli.Usagef("nobody knows who you are; say which record to resume with --record ID")
	}
	return j, j.newestOfMine()
}

// newestOfMine finds the newest record by its name.
func (j *job) newestOfMine() error {
	names, err := j.folder().Names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := j.take(name); err != nil {
			return err
		}
		for _, d := range j.record.Deployers {
			if j.project.Config.Person(d.Value) == j.me {
				return nil
			}
		}
	}
	return fmt.Errorf("there is no record of yours in %s; name one with --record ID", j.project.Config.Records)
}
