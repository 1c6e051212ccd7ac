package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/text"
)

// wordsCommand prints what may stand for an argument, one a line, as
// "value:description". The tasks' completion reads that; shells ask for the
// same by cobra's own completion.
func wordsCommand(env *cli.Env) *cobra.Command {
	c := call{env: env}
	step := &step{call: c}
	complete := map[string]cobra.CompletionFunc{"step": step.complete, "record": c.completeRecord}
	return &cobra.Command{
		Use:    "words step|record",
		Short:  "Print what may stand for an argument",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || complete[args[0]] == nil {
				return cli.Usagef("say whose words: step or record")
			}
			words, _ := complete[args[0]](cmd, nil, "")
			for _, word := range words {
				if _, err := fmt.Fprintln(env.Stdout, text.Visible(inUsage(word))); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// inUsage is a completion of cobra's, with a colon between the two parts. There
// is no other colon, since one with a backslash before it is not read by all.
func inUsage(word string) string {
	value, description, found := strings.Cut(word, "\t")
	if !found {
		return value
	}
	return value + ":" + strings.NewReplacer(": ", " ", ":", " ").Replace(description)
}
