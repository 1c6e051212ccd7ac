package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/store"
)

// completeSearch says what the shell may complete: the filters of a query, and
// the values behind the options.
func completeSearch(env *cli.Env, cmd *cobra.Command) {
	cmd.ValidArgsFunction = cobra.FixedCompletions(filters(), cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveKeepOrder)
	completeFacets(env, cmd, facet.All)
}

// completeFacets completes the values behind the options of facets.
func completeFacets(env *cli.Env, cmd *cobra.Command, facets []*facet.Facet) {
	for _, f := range facets {
		_ = cmd.RegisterFlagCompletionFunc(f.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return valuesOf(env, f), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// filters are what a shell can complete of a query without reading anything.
func filters() (all []string) {
	var values []string
	for _, f := range facet.All {
		if len(fixedValues(f)) == 0 {
			all = append(all, f.Short()+":")
		}
		for _, v := range fixedValues(f) {
			values = append(values, f.Short()+":"+v)
		}
	}
	all = append(all, "after:", "before:", "has:issue", "has:lesson", "has:tip", "has:well", "has:failed")
	return append(all, values...)
}

// facetNames are the facets as queries call them.
func facetNames() (all []string) {
	for _, f := range facet.All {
		all = append(all, f.Short())
	}
	return all
}

// fixedValues are those of a facet that has the same in every project.
func fixedValues(f *facet.Facet) []string {
	switch f {
	case facet.Status:
		return cli.Names(records.Statuses)
	case facet.Step:
		return cli.Names(records.States[1:])
	case facet.Kind:
		return cli.Names(search.Kinds())
	}
	return nil
}

// newest is how many records of a source are looked at for the values of a
// facet. Those of a long history would keep the shell waiting.
const newest = 200

// valuesOf are the values of a facet that the newest records have, sorted.
func valuesOf(env *cli.Env, f *facet.Facet) []string {
	values := fixedValues(f)
	p, _, err := project.Open(env.Dir)
	if err != nil || values != nil {
		return values
	}
	people := project.NewPeople(p)
	for _, src := range p.Sources() {
		if f == facet.Source {
			values = append(values, src.Source.Name)
			continue
		}
		for _, r := range newestRecords(src) {
			for _, v := range f.Values(r) {
				if f == facet.Deployer {
					v.Value = people.Of(src).Name(v.Value)
				}
				values = append(values, v.Value)
			}
		}
	}
	slices.Sort(values)
	return slices.DeleteFunc(slices.Compact(values), func(v string) bool { return v == "" || strings.ContainsAny(v, "\t\n") })
}

func newestRecords(src *project.Project) (all []*records.Record) {
	folder := store.Folder{FS: os.DirFS(src.RecordsDir()), Dir: ".", Options: src.Options()}
	names, _ := folder.Names()
	for _, name := range names[:min(newest, len(names))] {
		if r, err := folder.Read(name); err == nil { // what cannot be read, the build tells
			all = append(all, r)
		}
	}
	return all
}
