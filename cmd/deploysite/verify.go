package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/attest"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

func verifyCommand(env *cli.Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify ADDRESS|DIR",
		Short: "Tell whether a published site is what was committed",
		Long: `Compare a published site, at an address or in a folder, with the commit that it
says it was built from. Run it in a clone of the repository that has this commit.

The site must have been built with "build --attest". verify builds the commit again,
in a temporary folder, as it was built then, and compares every file. So it needs the
same version of deploysite; with another one it compares what was read, and the pages
with what was attested, and says that this is less.

It exits with 0 if the site is what the commit gives, and with 1 if anything differs,
is missing, was added, or could not be looked at.`,
		Example: `  deploysite verify https://deployments.example.org/arcade
  deploysite verify public
  deploysite verify public --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return cli.Usagef("verify takes the site's address or its folder, got %s", text.Count(len(args), "argument"))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error { return verify(cmd.Context(), env, args[0], asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was found as JSON")
	return cmd
}

func verify(ctx context.Context, env *cli.Env, where string, asJSON bool) error {
	p, err := findProject(env)
	if err != nil {
		return err
	}
	if !strings.Contains(where, "://") {
		where = env.Path(where)
	}
	bar := env.Progress()
	report, err := attest.Verify(ctx, p, where, version.Number(), func(done, total int) { bar.Show("comparing %d of %d files", done, total) })
	bar.Clear()
	if err != nil {
		return err
	}
	if asJSON {
		err = env.JSON(struct {
			Version int `json:"version"`
			attest.Report
		}{1, report})
	} else {
		err = sayVerified(env, where, report)
	}
	if err == nil && !report.Confirmed {
		err = cli.ErrReported
	}
	return err
}

// foundAs says what a finding means.
var foundAs = map[attest.Kind]string{
	attest.PageDiffers:   "differs from what the commit gives",
	attest.PageMissing:   "is missing on the site",
	attest.PageAdded:     "is on the site, and nothing that was committed gives it",
	attest.SourceDiffers: "was read with other content than is committed",
	attest.SourceMissing: "is committed, and the site was built without it",
	attest.SourceAdded:   "was read, and is not committed",
	attest.NoHistory:     "is a commit that no branch of this clone leads to",
}

// sayVerified prints a line for each finding, and last whether the site is what was
// committed.
func sayVerified(env *cli.Env, where string, r attest.Report) error {
	if !strings.Contains(where, "://") {
		where = relative(where)
	}
	var out strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s %s [%s]\n", text.Visible(f.Path), foundAs[f.Kind], f.Kind)
	}
	if _, err := fmt.Fprint(env.Stdout, out.String()); err != nil {
		return err
	}
	for _, why := range r.Unknown {
		env.Tell("not known: %s", why)
	}
	if len(r.Foreign) > 0 {
		env.Tell("not of the site: %s", strings.Join(r.Foreign, ", "))
	}
	for _, since := range []struct {
		what  string
		names []string
	}{{"committed", r.Newer}, {"changed", r.Changed}, {"removed", r.Removed}} {
		if n := len(since.names); n > 0 {
			env.Tell("%s %s since the site was built: %s", text.Count(n, "record"), since.what, strings.Join(since.names[:min(n, 5)], ", "))
		}
	}
	switch {
	case r.Confirmed:
		env.Tell("%s: all %s are what %s", where, text.Count(r.Pages, "file"), given(r.Commits))
	case len(r.Findings) > 0:
		env.Tell("%s: not what was committed: %s", where, text.Count(len(r.Findings), "difference"))
	default:
		env.Tell("%s: nothing differs in what was looked at, but not all of it could be", where)
	}
	return nil
}

// given names the commit, or those of several sources.
func given(commits map[string]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(commits)) {
		all = append(all, strings.TrimSpace(name+" "+commits[name]))
	}
	if len(all) == 1 {
		return "commit " + all[0] + " gives"
	}
	return "the commits " + strings.Join(all, ", ") + " give"
}
