package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/deploysite/deploysite/internal/parallel"
)

// floorCommand as the first argument makes this program the floor: a process of
// its own, so that its memory is measured as that of the others is.
const floorCommand = "floor"

func newFloor() (builder, error) {
	self, err := os.Executable()
	if err != nil {
		return builder{}, err
	}
	return builder{"floor", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		return exec.CommandContext(ctx, self, floorCommand, source, out), nil
	}}, nil
}

// buildFloor writes records/ID/index.html for each record, one after the other:
// no front matter, template, highlighting or lists.
func buildFloor(source, out string) error {
	files, err := recordFiles(source)
	if err != nil {
		return err
	}
	markdown := newMarkdown()
	for _, file := range files {
		page, err := convert(markdown, file)
		if err == nil {
			err = write(filepath.Join(out, "records", recordID(file)), "index.html", page)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func newMarkdown() goldmark.Markdown { return goldmark.New(goldmark.WithExtensions(extension.GFM)) }

func convert(markdown goldmark.Markdown, file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = markdown.Convert(body(content), &page)
	return page.Bytes(), err
}

func write(dir, name string, page []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), page, 0o644)
}

// buildAlike does the same on all processors, and writes as many files and bytes as are
// asked for: pages are filled up with blanks, and what is left goes to files of the
// same length.
func buildAlike(source, out, files, size string) error {
	all, err := recordFiles(source)
	if err != nil {
		return err
	}
	count, err1 := strconv.Atoi(files)
	total, err2 := strconv.ParseInt(size, 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	filled := bytes.Repeat([]byte(" "), int(total/int64(max(count, 1))))
	markdown := newMarkdown()
	errs := make([]error, count)
	parallel.Each(count, func(i int) {
		if i >= len(all) {
			errs[i] = write(filepath.Join(out, "more"), strconv.Itoa(i), filled)
			return
		}
		page, err := convert(markdown, all[i])
		if err == nil && len(page) < len(filled) {
			page = append(page, filled[len(page):]...)
		}
		errs[i] = errors.Join(err, write(filepath.Join(out, "records", recordID(all[i])), "index.html", page))
	})
	return errors.Join(errs...)
}

// body cuts the front matter off; generated records always have one.
func body(content []byte) []byte {
	const delimiter = "---\n"
	_, rest, _ := bytes.Cut(content[len(delimiter):], []byte("\n"+delimiter))
	return rest
}
