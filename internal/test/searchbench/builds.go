package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/deploysite/deploysite/internal/project"
)

// Names of what is built, beside those of the engines.
const (
	siteWithout = "the site without its index"
	siteWith    = "the site with its index"
)

// builder makes the site of a project, and what all engines need in it.
type builder struct {
	deploysite string // the program
	modules    npm
}

// build builds the project in source to site.dir.
func (b builder) build(ctx context.Context, source string, site built) (sample, error) {
	if err := os.RemoveAll(site.dir); err != nil {
		return sample{}, err
	}
	return measure(exec.CommandContext(ctx, b.deploysite, "-C", source, "build", "-o", site.dir))
}

// takeTurns builds everything several times, one after the other and then
// again, so that a busy moment of the machine does not hit one of them only.
func (b builder) takeTurns(ctx context.Context, source string, site built, runs int, stderr io.Writer) (map[string][]sample, error) {
	samples := map[string][]sample{}
	for turn := range runs {
		one, err := b.buildWithoutSearch(ctx, source, site)
		if err != nil {
			return nil, err
		}
		all, err := b.index(ctx, source, site)
		if err != nil {
			return nil, err
		}
		all[siteWithout] = one
		// What the index costs is taken from two builds that follow each other: how
		// busy the machine is changes from turn to turn.
		all["deploysite"] = all[siteWith].minus(one)
		for _, name := range append([]string{siteWithout, siteWith}, engineNames...) {
			fmt.Fprintf(stderr, "run %d of %d: %s, %v\n", turn+1, runs, name, all[name])
			samples[name] = append(samples[name], all[name])
		}
	}
	return samples, nil
}

// index builds the site and lets each engine index it.
func (b builder) index(ctx context.Context, source string, site built) (map[string]sample, error) {
	samples := map[string]sample{}
	var err error
	if samples[siteWith], err = b.build(ctx, source, site); err != nil {
		return nil, err
	}
	if err := writeScripts(site, b.modules); err != nil {
		return nil, err
	}
	for _, e := range engines(b.modules) {
		if e.index == nil {
			continue
		}
		if samples[e.name], err = measure(e.index(ctx, site)); err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return samples, b.pages(site)
}

// buildWithoutSearch builds with another configuration and puts the first back.
func (b builder) buildWithoutSearch(ctx context.Context, source string, site built) (s sample, err error) {
	file := filepath.Join(source, project.ConfigName)
	config, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	off := append(slices.Clip(config), "\n[search]\nenabled = false\n"...)
	if err := os.WriteFile(file, off, 0o644); err != nil {
		return s, err
	}
	s, err = b.build(ctx, source, site)
	return s, errors.Join(err, os.WriteFile(file, config, 0o644))
}

// pages writes the page of each engine.
func (b builder) pages(site built) error {
	for _, e := range engines(b.modules) {
		if err := writePage(site, e); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return writeIndexScript(site)
}

// weight is how large files are, in bytes.
type weight struct{ plain, gzipped int64 }

// weigh adds up the files of a site that match one of the patterns.
func weigh(site built, patterns []string) (w weight, err error) {
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(site.dir, filepath.FromSlash(pattern)))
		if err != nil {
			return w, err
		}
		if len(files) == 0 {
			return w, fmt.Errorf("the site has no file %s", pattern)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return w, err
			}
			w.plain += int64(len(content))
			w.gzipped += min(int64(len(content)), int64(len(gzipped(content))))
		}
	}
	return w, nil
}
