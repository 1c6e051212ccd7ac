package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/work"
)

// call is one call of a command on a record that is there already: what all of
// these commands are told.
type call struct {
	env *cli.Env

	name string // --record: an ID, a file's name, or a path; "" is the current record
	by   string // --by
	json bool
}

func (c *call) addFlags(cmd *cobra.Command) *pflag.FlagSet {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&c.name, "record", "", "the record, by `ID` or path; default: the newest unfinished one of yours")
	_ = cmd.RegisterFlagCompletionFunc("record", c.completeRecord) // fails only if there is no such flag
	return flags
}

func (c *call) addBy(flags *pflag.FlagSet) {
	flags.StringVar(&c.by, "by", "", "who does it, `NAME`; default: git's user.name")
}

func (c *call) addJSON(flags *pflag.FlagSet) {
	flags.BoolVar(&c.json, "json", false, "print what was done as JSON")
}

// job is the record that a call is about.
type job struct {
	*work.Job
	*call
	committed []byte // the record as the checklist committed it
}

// find finds the record: the one that --record names, else the current one.
func (c *call) find(ctx context.Context) (*job, error) {
	j, err := c.begin(ctx)
	switch {
	case err != nil:
		return nil, err
	case c.name != "":
		err = j.Named(c.name)
	default:
		err = j.Current()
	}
	return j, err
}

// begin is a job without a record yet.
func (c *call) begin(ctx context.Context) (*job, error) {
	j, err := work.Begin(ctx, c.env, c.by)
	return &job{Job: j, call: c}, err
}

// stamp says that something is written now.
func (j *job) stamp() records.Stamp {
	return records.Stamp{At: j.Env.Now().Truncate(time.Second), By: j.Me}
}

// print writes the result to stdout: the record's path, or what is to be JSON.
func (j *job) print(result any) error {
	if j.json {
		return j.env.JSON(result)
	}
	_, err := fmt.Fprintln(j.env.Stdout, j.Path())
	return err
}

// completeRecord completes --record, the newest first.
func (c *call) completeRecord(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	p, _, err := project.OpenAlone(c.env.Dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, err := (&work.Job{Env: c.env, Project: p}).Folder().Names()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	const newest = 50
	var ids []string
	for _, name := range names[:min(len(names), newest)] {
		ids = append(ids, store.ID(name))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
