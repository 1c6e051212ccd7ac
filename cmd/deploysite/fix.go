package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/store"
)

// A place is a problem as a change finds it again.
type place struct {
	rule problem.Rule
	line int
}

// fixable are the files with problems of rules that --fix mends, and where these are.
func fixable(problems []problem.Problem) (files []string, wanted map[string]map[place]bool) {
	wanted = map[string]map[place]bool{}
	for _, p := range problems {
		if about, _ := p.Rule.About(); !about.Fix {
			continue
		}
		if wanted[p.File] == nil {
			files, wanted[p.File] = append(files, p.File), map[place]bool{}
		}
		wanted[p.File][place{p.Rule, p.Line}] = true
	}
	return files, wanted
}

// fix mends what was found and can be mended, says what it changed, and looks again. A
// record that cannot be changed, such as one with a merge conflict, keeps no other from it.
func (c *checker) fix(ctx context.Context, now time.Time, found site.Checked) (site.Checked, error) {
	files, wanted := fixable(found.Problems)
	for _, file := range files {
		err := c.fixFile(ctx, file, wanted[file])
		switch {
		case ctx.Err() != nil:
			return found, err
		case err != nil && !errors.As(err, new(problem.List)): // which is listed with the rest
			c.env.Tell("%s: not mended: %v", c.env.Name, err)
		}
	}
	if len(c.fixed) == 0 {
		return found, nil
	}
	for _, p := range c.fixed {
		c.env.Tell("%s: mended: %s [%s]", p.Place(), p.Message, p.Rule)
	}
	return c.look(ctx, now)
}

// fixFile mends one record. No edit adds or removes a line, so the lines hold.
func (c *checker) fixFile(ctx context.Context, file string, wanted map[place]bool) error {
	options, ok := c.optionsOf(file)
	if !ok {
		return nil
	}
	var done []problem.Problem
	f := store.File{Path: c.project.Path(file), Name: file, Options: options}
	_, _, err := f.Change(ctx, mending(wanted, &done))
	if err == nil {
		c.fixed = append(c.fixed, done...)
	}
	return err
}

// mending is the change that mends what is wanted, and tells in done what that was.
func mending(wanted map[place]bool, done *[]problem.Problem) records.Change {
	return func(r *records.Record) (*records.Record, error) {
		*done = nil // the change may be made again
		return records.Mend(func(rule problem.Rule, line int) bool { return wanted[place{rule, line}] },
			func(p problem.Problem) { *done = append(*done, p) })(r)
	}
}

// canFix reports whether --fix would mend anything of what was found.
func (c *checker) canFix(found []problem.Problem) bool {
	files, wanted := fixable(found)
	return slices.ContainsFunc(files, func(file string) bool {
		options, ok := c.optionsOf(file)
		if !ok {
			return false
		}
		var done []problem.Problem
		r, err := store.File{Path: c.project.Path(file), Name: file, Options: options}.Read()
		if err == nil && r.Conflict() == nil {
			_, _ = mending(wanted[file], &done)(r)
		}
		return len(done) > 0
	})
}

// optionsOf are those of the source that has a file as a record.
func (c *checker) optionsOf(file string) (records.Options, bool) {
	for _, src := range c.project.Sources() {
		below, err := filepath.Rel(src.RecordsDir(), c.project.Path(file))
		if err == nil && filepath.IsLocal(below) {
			return src.Options(), true
		}
	}
	return records.Options{}, false
}
