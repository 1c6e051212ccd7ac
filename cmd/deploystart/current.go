package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
)

func currentCommand(env *cli.Env) *cobra.Command {
	c := &call{env: env}
	cmd := cli.Alone(&cobra.Command{
		Use:   "current",
		Short: "Print the path of the record that is in progress",
		Long: `deploystart current prints the path of the record that the other commands work
on: the newest unfinished one of yours, by its own date. It is never guessed.
Where several could be meant they are listed, and the exit status is 2; where
none is in progress it is 1.`,
		Example: `  $EDITOR "$(deploystart current)"`,
	}, c.current)
	c.addBy(c.addFlags(cmd))
	c.addJSON(cmd.Flags())
	return cmd
}

func (c *call) current(ctx context.Context) error {
	j, err := c.find(ctx)
	if err != nil {
		return err
	}
	return j.print(j.Result())
}

func editCommand(env *cli.Env) *cobra.Command {
	c := &call{env: env}
	cmd := cli.Alone(&cobra.Command{
		Use:   "edit",
		Short: "Open the record in your editor",
		Long: `deploystart edit opens the record in $VISUAL or $EDITOR, and comes back when the
editor does. The record is the one that deploystart current prints.`,
		Example: `  deploystart edit
  VISUAL="code --wait" deploystart edit --record 2024-08-31-14-30`,
	}, c.edit)
	c.addBy(c.addFlags(cmd))
	return cmd
}

func (c *call) edit(ctx context.Context) error {
	if c.env.Editor() == "" {
		return errors.New("there is no editor to open it with; set $VISUAL or $EDITOR")
	}
	j, err := c.find(ctx)
	if err != nil {
		return err
	}
	return c.env.OpenEditor(j.File.Path)
}
