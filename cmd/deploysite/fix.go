package main

import (
	"context"
	"path/filepath"
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

// fix mends what was found and can be mended, says what it changed, and looks again.
func (c *checker) fix(ctx context.Context, now time.Time, found site.Checked) (site.Checked, error) {
	files, wanted := []string{}, map[string]map[place]bool{}
	for _, p := range found.Problems {
		if about, _ := p.Rule.About(); !about.Fix {
			continue
		}
		if wanted[p.File] == nil {
			files, wanted[p.File] = append(files, p.File), map[place]bool{}
		}
		wanted[p.File][place{p.Rule, p.Line}] = true
	}
	for _, file := range files {
		if err := c.fixFile(ctx, file, wanted[file]); err != nil {
			return found, err
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
	_, _, err := f.Change(ctx, func(r *records.Record) (*records.Record, error) {
		done = nil // the change may be made again
		mend := records.Mend(func(rule problem.Rule, line int) bool { return wanted[place{rule, line}] },
			func(p problem.Problem) { done = append(done, p) })
		return mend(r)
	})
	if err == nil {
		c.fixed = append(c.fixed, done...)
	}
	return err
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
