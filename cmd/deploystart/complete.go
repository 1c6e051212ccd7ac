package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/project"
)

// completeFlags says what the shell may complete behind the flags of a start:
// names that newer records have, people, folders, Markdown files, and nothing
// where only a person knows.
func (s *start) completeFlags(cmd *cobra.Command, flags *pflag.FlagSet) {
	names := func(of func(*project.Project) []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			p, _, err := project.OpenAlone(s.env.Dir)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return of(p), cobra.ShellCompDirectiveNoFileComp
		}
	}
	for _, key := range []string{"service", "environment"} { // which are flags, too
		_ = cmd.RegisterFlagCompletionFunc(key, names(func(p *project.Project) []string { return s.valuesOf(p, key) }))
	}
	_ = cmd.RegisterFlagCompletionFunc("deployer", names(peopleOf))
	for _, flag := range []string{"version", "title", "tag", "at"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	_ = cobra.MarkFlagFilename(flags, "template", "md")
	_ = cobra.MarkFlagDirname(flags, "dir")
}

// valuesOf are the values that the newest records have under a key, where their
// front matter says them in the plainest way, in alphabetical order.
func (s *start) valuesOf(p *project.Project, key string) []string {
	past, err := s.openPast(p)
	if err != nil {
		return nil
	}
	defer past.Close()
	return past.Values(key)
}

// peopleOf are the people that the configuration names.
func peopleOf(p *project.Project) (names []string) {
	for _, person := range p.Config.People {
		names = append(names, person.Name)
	}
	return names
}
