package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/deploysite/deploysite/internal/test/generate"
)

// organisationSources is how many repositories a site of several sources has.
const organisationSources = 50

// A scale is what a site of several sources takes, and how large it is.
type scale struct {
	records int
	sample
	files   int
	bytes   int64
	largest int64 // page, in bytes
}

// compareScales builds sites of several sources, with the search, and tells how
// each compares with the first: what grows faster than the records would show.
func compareScales(ctx context.Context, o options, work string, stderr io.Writer) (string, error) {
	binary, err := compile(ctx, work)
	if err != nil {
		return "", err
	}
	b := builder{"deploysite-search", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		return exec.CommandContext(ctx, binary, "-C", source, "build", "-o", out), nil
	}}
	var all []scale
	for _, n := range o.organisations {
		source := filepath.Join(work, fmt.Sprintf("organisation-%d", n))
		if err := generate.Organisation(source, organisationSources, n/organisationSources, generate.Options{Seed: o.seed}); err != nil {
			return "", err
		}
		s, err := measureScale(ctx, o.runs, b, source, n, stderr)
		if err != nil {
			return "", err
		}
		all = append(all, s)
		if err := os.RemoveAll(source); err != nil {
			return "", err
		}
	}
	return scaleTable(all), nil
}

func measureScale(ctx context.Context, runs int, b builder, source string, n int, stderr io.Writer) (scale, error) {
	s := scale{records: n}
	var samples []sample
	for turn := range runs {
		out := fmt.Sprintf("%s-site", source)
		fmt.Fprintf(stderr, "%d sources, %d records, run %d of %d", organisationSources, n, turn+1, runs)
		one, err := measureKept(ctx, b, source, out, "*/20*", n)
		if err == nil {
			fmt.Fprintf(stderr, ", %.1f s, CPU %.1f s, %s\n", one.wall.Seconds(), one.cpu.Seconds(), megabytes(one.memory))
			err = s.weigh(out)
		}
		if err := errors.Join(err, os.RemoveAll(out)); err != nil {
			return s, err
		}
		samples = append(samples, one)
	}
	s.sample = median(samples)
	return s, nil
}

// weigh counts what a site is made of.
func (s *scale) weigh(site string) error {
	s.files, s.bytes, s.largest = 0, 0, 0
	return filepath.WalkDir(site, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		s.files++
		s.bytes += info.Size()
		if strings.HasSuffix(path, ".html") {
			s.largest = max(s.largest, info.Size())
		}
		return nil
	})
}

// scaleTable shows the sites, and below them the last against the first.
func scaleTable(all []scale) string {
	var b strings.Builder
	b.WriteString("| sources | records | time | CPU time | peak memory | files | size | largest page |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range all {
		fmt.Fprintf(&b, "| %d | %d | %.1f s | %.1f s | %s | %d | %s | %s |\n", organisationSources, s.records,
			s.wall.Seconds(), s.cpu.Seconds(), megabytes(s.memory), s.files, megabytes(s.bytes), megabytes(s.largest))
	}
	if first, last := all[0], all[len(all)-1]; len(all) > 1 {
		fmt.Fprintf(&b, "| | × %s | × %s | × %s | × %s | × %s | × %s | × %s |\n", ratio(int64(last.records), int64(first.records)),
			ratio(last.wall, first.wall), ratio(last.cpu, first.cpu), ratio(last.memory, first.memory),
			ratio(int64(last.files), int64(first.files)), ratio(last.bytes, first.bytes), ratio(last.largest, first.largest))
	}
	return b.String()
}
