// Package generate writes made-up deployment histories of any length: the same
// seed gives the same bytes. Benchmarks, tests of scale and screenshots use it.
//
//	name, content := generate.Record(1, 0, 1000, 4096)
//	// "2021-11-22-08-17-deployment.md", about 4 kB of Markdown
//
//	err := generate.Project("/tmp/history", 10000, generate.Options{Seed: 1})
//
// The histories are plausible, not hostile: twelve services in three
// environments, forty people, five years of working days that end on
// 2026-11-20, and outcomes as a team has them. For bad input write the case by
// hand, next to the test that needs it.
package generate

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// DefaultSize is the mean size of a record, in bytes, where none is asked for.
const DefaultSize = 4096

// MinSize is the smallest mean size, in bytes, that leaves room for all of the
// checklist. A smaller one is taken as this.
const MinSize = 3800

// Options is what a history may vary in. The zero value works.
type Options struct {
	Seed uint64
	Size int // mean bytes of a record; 0 means DefaultSize
}

// Record returns record i of a history of n, 0 <= i < n <= MaxRecords: its file
// name and its content, on average size bytes long. Names rise with i and are
// unique in the history.
func Record(seed uint64, i, n int, size int) (name string, content []byte) {
	d := newDeployment(seed, i, n)
	return d.id() + "-deployment.md", write(d, max(size, MinSize))
}

// Project writes a whole project with n records to dir, which must be empty or
// not exist yet.
func Project(dir string, n int, o Options) error {
	if n < 0 || n > MaxRecords {
		return fmt.Errorf("cannot write %d records; ask for 0 to %d", n, MaxRecords)
	}
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	if err := writeFiles(dir, projectFiles()); err != nil {
		return err
	}
	return shop(o.Seed, n).writeTo(dir, cmp.Or(o.Size, DefaultSize))
}

// writeTo writes all records of a history.
func (h history) writeTo(dir string, size int) error {
	for i := range h.n {
		d := h.deployment(i)
		path := filepath.Join(dir, "deployments", "checklists", d.id()+"-deployment.md")
		if err := os.WriteFile(path, write(d, max(size, MinSize)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Organisation writes a project whose site has several sources, each with n
// records of one service, its own checklist and its own configuration. dir must
// be empty or not exist yet; the sources are folders in it:
//
//	generate.Organisation("/tmp/organisation", 50, 2000, generate.Options{Seed: 1})
//	// /tmp/organisation/deploysite.toml
//	// /tmp/organisation/sources/checkout-02/deployments/checklists/2021-11-22-08-17-deployment.md
func Organisation(dir string, sources, n int, o Options) error {
	if sources < 1 || n < 0 || n > MaxRecords {
		return fmt.Errorf("cannot write %d sources of %d records", sources, n)
	}
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	config := strings.Builder{}
	config.WriteString("title = \"Deployments of a made-up organisation\"\n")
	for team := range sources {
		h := shop(o.Seed+uint64(team)*1_000_003, n)
		h.service = fmt.Sprintf("%s-%02d", services[team%len(services)], team+1)
		h.checklist = checklistOf(team, h.service)
		folder := filepath.Join(dir, "sources", h.service)
		if err := writeFiles(folder, sourceFiles(h)); err != nil {
			return err
		}
		if err := h.writeTo(folder, cmp.Or(o.Size, DefaultSize)); err != nil {
			return err
		}
		fmt.Fprintf(&config, "\n[[source]]\npath = \"sources/%s\"\n", h.service)
	}
	return os.WriteFile(filepath.Join(dir, "deploysite.toml"), []byte(config.String()), 0o644)
}

func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; choose a new folder, nothing is overwritten", dir)
	}
	return nil
}

func writeFiles(dir string, files map[string]string) error {
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(dir, "deployments", "checklists"), 0o755)
}
