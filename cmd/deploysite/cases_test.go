package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/cli"
)

// TestCases runs commands on small projects of shapes that people write, on each of which
// the tool once said something that is not so. The comment of each archive lists the
// commands; its last file, "want", is what they say and what records.json then tells.
func TestCases(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("there is no case", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			got := inProject(t, archive.Files[:last], string(archive.Comment))
			if want := string(archive.Files[last].Data); *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("it says\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// inProject is what commands say in a project of its own.
func inProject(t *testing.T, files []txtar.File, commands string) string {
	root := t.TempDir()
	for _, f := range files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	for command := range strings.Lines(commands) {
		if command = strings.TrimSpace(command); command == "" || command[0] == '#' {
			continue
		}
		fmt.Fprintf(&out, "$ deploysite %s\n", command)
		out.WriteString(said(root, strings.Fields(command)))
	}
	told, err := os.ReadFile(filepath.Join(root, "public", "records.json"))
	if err == nil {
		err = facts(&out, told)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out.String()
}

// differs is what a build says of its time and its files.
var differs = regexp.MustCompile(`: \d+ files written, \d+ unchanged|, in [\d.]+m?s`)

func said(root string, args []string) string {
	var out bytes.Buffer
	env := &cli.Env{Name: "deploysite", Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string { return map[string]string{"PATH": os.Getenv("PATH")}[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }}
	err := run(context.Background(), env, append([]string{"-C", root}, args...))
	status := env.Exit(err)
	text := differs.ReplaceAllString(strings.ReplaceAll(out.String(), root, "."), "")
	if status != 0 {
		text += fmt.Sprintf("exit status %d\n", status)
	}
	return text
}

// facts writes what records.json tells of each record, without what is unknown.
func facts(out *strings.Builder, told []byte) error {
	var history struct{ Records []map[string]any }
	if err := json.Unmarshal(told, &history); err != nil {
		return err
	}
	for _, r := range history.Records {
		fmt.Fprintf(out, "%v\n", r["id"])
		for _, key := range []string{"title", "status", "status_from", "date", "finished", "duration_s", "services", "environment", "environments", "version", "commit", "deployers", "tags", "steps", "notes"} {
			if v, _ := json.Marshal(r[key]); string(v) != "null" && string(v) != "[]" && string(v) != "{}" {
				fmt.Fprintf(out, "  %s %s\n", key, v)
			}
		}
	}
	return nil
}
