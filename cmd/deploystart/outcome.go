package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// cancel is one call of the command cancel.
type cancel struct {
	call
	reason string
}

func cancelCommand(env *cli.Env) *cobra.Command {
	c := &cancel{call: call{env: env}}
	cmd := cli.Alone(&cobra.Command{
		Use:   "cancel --reason TEXT",
		Short: "Give the deployment up, and say why",
		Long: `deploystart cancel sets the record's status to cancelled, with its end, and
writes the reason among the issues, where the next one reads it. The record
stays, and may be taken up again by deploystart resume.`,
		Example: `  deploystart cancel --reason "The vendor's API is down until Monday."`,
	}, c.run)
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
	before, err := j.Change(ctx, records.Cancel(c.reason, j.stamp()))
	if err != nil {
		return fmt.Errorf("the record is not cancelled: %w", err)
	}
	j.WarnOfSecrets(c.reason)
	if before.Status != records.InProgress {
		j.env.Tell("It was %s; that is taken back by: deploystart undo --record %s", before.Status.Words(), j.Record.ID)
	}
	j.env.Tell("Cancelled: %s. Next: commit it:\n  deploystart finish --commit --record %s\nTo go on with it after all:\n  deploystart resume --record %[2]s", j.Record.Title.Value, j.Record.ID)
	return j.print(j.Result())
}

func resumeCommand(env *cli.Env) *cobra.Command {
	c := &call{env: env}
	cmd := cli.Alone(&cobra.Command{
		Use:   "resume",
		Short: "Take a record up again that was finished or cancelled",
		Long: `deploystart resume sets the record's status back to in-progress and takes its
end away. Without --record it is the newest record of yours, unless it ended more
than a day ago: then it is asked about on a terminal, and has to be named elsewhere.`,
		Example: `  deploystart resume
  deploystart resume --record 2024-08-31-14-30`,
	}, c.resume)
	c.addBy(c.addFlags(cmd))
	cmd.Flags().Lookup("record").Usage = "the record, by `ID` or path; default: the newest of yours"
	c.addJSON(cmd.Flags())
	return cmd
}

func (c *call) resume(ctx context.Context) error {
	j, err := c.findFinished(ctx)
	if err != nil {
		return err
	}
	if j.Record.Status == records.InProgress {
		return fmt.Errorf("%s is in progress already", j.Path())
	}
	before, err := j.Change(ctx, records.Reopen)
	if err != nil {
		return fmt.Errorf("the record is not resumed: %w", err)
	}
	j.env.Tell("In progress again: %s. Its status was %s%s.", j.Record.Title.Value, before.Status.Words(), endOf(before))
	return j.print(j.Result())
}

func endOf(r *records.Record) string {
	if r.Finished.IsZero() {
		return ""
	}
	return ", with the end " + r.Finished.ISO() + ", which is taken out"
}

// findFinished finds the record that --record names, or else the newest of the
// one who asks.
func (c *call) findFinished(ctx context.Context) (*job, error) {
	if c.name != "" {
		return c.find(ctx)
	}
	j, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	if j.Me == "" {
		return nil, cli.Usagef("nobody knows who you are; say which record to resume with --record ID")
	}
	if err := j.NewestOfMine(); err != nil {
		return nil, err
	}
	return j, j.doubtResume(ctx)
}

// doubtResume asks on a terminal whether a record is meant that ended more than a day ago;
// elsewhere it has to be named.
func (j *job) doubtResume(ctx context.Context) error {
	r, now := j.Record, j.env.Now()
	ended := insights.Effect(r)
	if r.Status == records.InProgress || now.Sub(ended.Time) < 24*time.Hour {
		return nil
	}
	if !j.env.Interactive() || j.json {
		return cli.Usagef("the newest record of yours ended %s ago: %s; to take it up again all the same: deploystart resume --record %s", text.Age(now.Sub(ended.Time)), r.Title.Value, r.ID)
	}
	isMeant, err := j.env.Confirm(ctx, fmt.Sprintf("%s (%s) %s, and ended %s ago. Take it up again?", text.OneLine(r.Title.Value, 60), r.ID, r.Status.Words(), text.Age(now.Sub(ended.Time))))
	if err == nil && !isMeant {
		err = errors.New("nothing was resumed; --record names another record")
	}
	return err
}
