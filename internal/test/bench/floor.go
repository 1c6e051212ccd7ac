package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
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
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var page bytes.Buffer
		if err := markdown.Convert(body(content), &page); err != nil {
			return err
		}
		dir := filepath.Join(out, "records", recordID(file))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "index.html"), page.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// body cuts the front matter off; generated records always have one.
func body(content []byte) []byte {
	const delimiter = "---\n"
	_, rest, _ := bytes.Cut(content[len(delimiter):], []byte("\n"+delimiter))
	return rest
}
