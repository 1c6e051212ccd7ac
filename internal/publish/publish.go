// Package publish writes a finished site to its folder, all of it or nothing.
//
//	files := []publish.File{{Path: "index.html", Render: func(b *bytes.Buffer) error { … }}}
//	stats, err := publish.Publish(ctx, "public", files, publish.Options{Project: "."})
//
// Every file is rendered into a staging folder beside the output. When all files
// are there, the two folders are exchanged in one step, so that readers see all of
// the old build or all of the new one:
//
//	.public.deploysite-tmp-k3x9    being written; may be deleted at any time
//	.public.deploysite-swap-k3x9   complete, about to become public; afterwards the former public
//	.public.deploysite-kept-k3x9   a list of the files that deploysite did not write
//	public
//
// A run that is killed leaves at most one such folder behind, and the next run
// removes it, whatever was done in the output meanwhile. Builds into the same folder
// wait for each other.
//
// The output may hold files that deploysite did not write, such as a CNAME or a
// .git folder. A manifest inside the output lists what is ours; everything else
// is foreign, is kept and is never overwritten. See [Manifest].
//
// Where two folders cannot be exchanged, for example because the output is a mount
// point, the files are renamed into the output one by one; see [Way].
//
// The package does not call fsync for each file: a site can be built again, and
// after a power failure the next build repairs what was lost, since it compares
// bytes and trusts no time stamp.
package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
)

// File is one file of the site.
type File struct {
	Path   string                    // slash-separated, relative, such as "records/2024-08-31-14-30/index.html"
	Render func(*bytes.Buffer) error // writes the same bytes at every call; may be called from several goroutines
}

// Static is a file with fixed bytes.
func Static(path string, data []byte) File {
	return File{path, func(b *bytes.Buffer) error { _, err := b.Write(data); return err }}
}

// Bytes renders the file into memory of its own.
func (f File) Bytes() ([]byte, error) {
	var b bytes.Buffer
	err := f.Render(&b)
	return b.Bytes(), err
}

// Options are the options of Publish. The zero value works.
type Options struct {
	Project   string                // the project's root: neither it nor a folder around it can be the output
	Protected []string              // files and folders of sources, absolute or relative to Project, that the output must not touch
	InPlace   bool                  // rename file by file even where the whole folder could be exchanged
	Progress  func(done, total int) // called after each rendered file, never twice at once
	Wait      func()                // called once if another build has to finish first
	Last      *Last                 // a file about all others; may be nil
}

// Last is a file of the site that is made of the hashes of all others.
type Last struct {
	Path string
	Make func(sums map[string]string) ([]byte, error) // takes path → SHA-256 in hexadecimal, and keeps none of it
}

// Stats says what a run did.
type Stats struct {
	Files     int      // files of the site
	Bytes     int64    // their size altogether
	Written   int      // files that are new or have new bytes
	Unchanged int      // files that had the same bytes already and were left alone
	Removed   int      // files of the former build that are gone
	Kept      int      // foreign files in the output
	Aside     []string // foreign files that something else took the place of: where they are now, beside the output
	Way       Way
	Manifest  string // the SHA-256 of the manifest
}

// Way is how the new build took the place of the old one.
type Way string

// The ways, best first.
const (
	Nothing   Way = "unchanged" // the output was up to date and was not touched
	Created   Way = "created"   // there was no output; it appeared with one rename
	Exchanged Way = "exchanged" // old and new folder changed places in one step
	Replaced  Way = "replaced"  // old folder aside, new folder in: readers may miss one moment
	InPlace   Way = "in place"  // file by file: readers may see pages of both builds for a moment
)

// Publish makes dir hold exactly these files and the foreign ones.
//
// If it fails or ctx is cancelled, the site in dir is as it was, unless the error
// says otherwise. If nothing has changed, nothing is written.
func Publish(ctx context.Context, dir string, files []File, opt Options) (Stats, error) {
	if err := checkPaths(opt.and(files)); err != nil {
		return Stats{}, err
	}
	out, err := findOutput(dir, opt)
	if err != nil {
		return Stats{}, err
	}
	if err := os.MkdirAll(out.parent, 0o777); err != nil {
		return Stats{}, fmt.Errorf("cannot make the folder for the site: %w", err)
	}
	unlock, err := lock(ctx, out, opt.Wait)
	if err != nil {
		return Stats{}, err
	}
	defer unlock()
	aside, err := cleanUp(out)
	if err != nil {
		return Stats{Aside: aside}, err
	}
	stats, err := publish(ctx, out, files, opt)
	stats.Aside = append(aside, stats.Aside...)
	return stats, err
}

// publish is Publish after the lock was taken.
func publish(ctx context.Context, out output, files []File, opt Options) (Stats, error) {
	old, err := openTree(out.dir)
	if err != nil {
		return Stats{}, err
	}
	defer old.close()
	plan, err := compare(old, opt.and(files))
	if err != nil {
		return Stats{}, err
	}
	stage := &stage{out: out, isNew: !old.exists(), inPlace: opt.InPlace}
	defer stage.discard()

	stats := Stats{Files: len(opt.and(files)), Removed: len(plan.removed), Kept: plan.kept()}
	built, err := render(ctx, files, old, stage, opt)
	if err != nil {
		return Stats{}, err
	}
	stats.Bytes, stats.Written, stats.Unchanged = built.bytes, len(built.written), len(built.unchanged)
	if stats.Manifest, err = built.addManifest(old, stage); err != nil {
		return Stats{}, err
	}
	if !stage.begun() {
		stats.Way = Nothing
		return stats, nil
	}
	stats.Way, stats.Aside, err = install(ctx, stage, plan, built)
	return stats, err
}

// and adds the last file to the others, still without bytes.
func (opt Options) and(files []File) []File {
	if opt.Last == nil {
		return files
	}
	return append(slices.Clip(files), File{Path: opt.Last.Path})
}

// install makes the staged files the site, in the best [Way] that works here.
func install(ctx context.Context, s *stage, plan *plan, built *build) (way Way, aside []string, err error) {
	if err := s.sync(); err != nil {
		return "", nil, err
	}
	if s.isNew {
		if err := context.Cause(ctx); err != nil {
			return "", nil, err
		}
		return Created, nil, s.become()
	}
	if s.beside {
		way, aside, err := exchange(ctx, s, plan, built)
		if !errors.Is(err, errCannotSwap) {
			return way, aside, err
		}
		if err := s.moveInside(); err != nil {
			return "", nil, err
		}
	}
	return InPlace, nil, installInPlace(ctx, s, plan, built)
}
