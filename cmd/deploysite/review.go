package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/review"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/version"
	"github.com/deploysite/deploysite/internal/work"
)

func reviewCommand(env *cli.Env) *cobra.Command {
	write := false
	cmd := &cobra.Command{
		Use:   "review [QUARTER]",
		Short: "Draft the review of a quarter",
		Long: `Draft what a team looks at once a quarter, as Markdown, from the records: what they
leave open, what failed and how it was mended, what nearly failed, what came
again, what became of the lessons, which steps to add, automate or drop, what went
well, and the decisions of earlier reviews. Each statement links to its records.
At the end there is room for new decisions, at most three.

The quarter is written 2026-Q3; without one it is the last that ended. The draft is
printed; --write puts it into ` + review.Folder + `/2026-q3.md, to be edited and
committed. A review that is there is never overwritten.`,
		Example: `  deploysite review
  deploysite review 2026-Q3 --write`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return cli.Usagef("review takes one quarter, such as 2026-Q3")
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return lastQuarters(env, args), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		},
		RunE: func(cmd *cobra.Command, args []string) error { return draftReview(cmd.Context(), env, args, write) },
	}
	cmd.Flags().BoolVar(&write, "write", false, "write the draft into "+review.Folder)
	return cmd
}

// lastQuarters are those that one may review, for completion.
func lastQuarters(env *cli.Env, args []string) (codes []string) {
	now, err := env.Clock()
	if err != nil || len(args) > 0 {
		return nil
	}
	const few = 4
	for q := review.At(now).Before(); len(codes) < few; q = q.Before() {
		codes = append(codes, q.Code())
	}
	return codes
}

func draftReview(ctx context.Context, env *cli.Env, args []string, write bool) error {
	p, now, err := openProject(env)
	if err != nil {
		return err
	}
	now = now.In(p.Config.Location)
	q := review.At(now).Before()
	if len(args) > 0 {
		var ok bool
		if q, ok = review.Parse(args[0], p.Config.Location); !ok {
			return cli.Usagef("%q is no quarter; write one as 2026-Q3", args[0])
		}
	}
	if q.From.After(now) {
		return cli.Usagef("%s has not begun", q.Title())
	}
	if write {
		if err := mayWrite(env, p, q, now); err != nil {
			return err
		}
	}
	bar := env.Progress()
	s, err := site.Load(ctx, p, site.Options{Now: now, Version: version.Number(), Live: true, // no search is wanted
		Progress: func(done int) { bar.Show("reading records: %d", done) }})
	bar.Clear()
	if err != nil {
		return err
	}
	defer s.Close()
	tags, noTags := releases(ctx, p, s.Services())
	draft := s.Draft(q, tags, noTags)
	if !write {
		_, err = io.WriteString(env.Stdout, draft.Markdown())
		return err
	}
	if len(draft.Facts.Deployments) == 0 {
		return fmt.Errorf("no deployment of %s is on record, cancelled ones apart, so there is nothing to review; look at the draft without --write", q.Title())
	}
	return writeReview(env, p, q, draft.Markdown())
}

// mayWrite is an error where the review is there, or the quarter is not over: a draft of
// half a quarter would never be replaced by one of the whole.
func mayWrite(env *cli.Env, p *project.Project, q review.Quarter, now time.Time) error {
	if !q.IsOver(now) {
		return fmt.Errorf("%s ends on %s; write its review afterwards, or look at the draft without --write", q.Title(), q.To.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	files, err := os.ReadDir(p.Path(review.Folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		if other, ok := review.OfFile(f.Name(), p.Config.Location); ok && other.Name() == q.Name() {
			return exists(env, p, path.Join(review.Folder, f.Name()))
		}
	}
	return nil
}

func exists(env *cli.Env, p *project.Project, file string) error {
	return fmt.Errorf("%s is there, and a review is never overwritten; edit it, or look at a new draft without --write", env.Path(p.Path(file)))
}

func writeReview(env *cli.Env, p *project.Project, q review.Quarter, draft string) error {
	file := p.Path(q.File())
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer folder.Close()
	disk.Sweep(folder, ".")
	err = disk.Create(folder, filepath.Base(file), []byte(draft)) // half a draft would never be replaced
	if errors.Is(err, fs.ErrExist) {
		return exists(env, p, q.File())
	}
	if err != nil {
		return err
	}
	env.Tell("Take out what is not worth ten minutes, decide at most three things, and commit it.")
	_, err = fmt.Fprintln(env.Stdout, env.Path(file))
	return err
}

// releases are the tags of git that name versions, of the repositories of all sources; or
// why they are not known.
func releases(ctx context.Context, p *project.Project, services []string) (tags []review.Tag, unknown string) {
	seen := map[string]bool{}
	for _, src := range p.Sources() {
		repo, err := git.Open(src.Root)
		if err != nil {
			return nil, err.Error()
		}
		if seen[repo.Top] {
			continue
		}
		seen[repo.Top] = true
		all, err := repo.AllTags(ctx)
		if err != nil {
			return nil, err.Error()
		}
		for _, t := range all {
			if service, v, ok := work.Release(t.Name, services); ok {
				tags = append(tags, review.Tag{Name: t.Name, Service: service, Version: v, At: t.At.In(p.Config.Location)})
			}
		}
	}
	return tags, ""
}
