package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/records"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"deploystart": main})
}

// TestScripts runs testdata/script. Each script begins in a repository without
// commits whose template is docs/deployment-checklist.md. UPDATE_SCRIPTS=1
// writes the files that "cmp" compares with anew.
func TestScripts(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("git is not installed")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %q", cond)
		},
		Setup: prepare,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"at-once":       atOnce,
			"marks-at-once": marksAtOnce,
			"changed":       changed,
			"status":        status,
			"record":        readRecord,
			"wrong-usage":   wrongUsage,
		},
	})
}

func prepare(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	env.Setenv("TZ", "Europe/Stockholm")
	env.Setenv("CI", "")
	env.Cd = filepath.Join(env.WorkDir, "jump-man")
	if err := os.MkdirAll(env.Cd, 0o777); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"config", "user.name", "Ada Park"}, {"config", "user.email", "ada@example.org"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = env.Cd, env.Vars
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %q: %w: %s", args, err, out)
		}
	}
	return nil
}

// atOnce runs "at-once N ARGS…": N processes of deploystart at the same time,
// each of which must print the path of a record of its own that is whole.
func atOnce(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: at-once N ARGS…")
	}
	var n int
	_, err := fmt.Sscan(args[0], &n)
	ts.Check(err)
	outputs, errs := make([]bytes.Buffer, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			errs[i] = deploystart(ts, &outputs[i], append(slices.Clone(args[1:]), "--title", fmt.Sprint("number ", i))...)
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for i := range n {
		ts.Check(errs[i])
		path := strings.TrimSuffix(outputs[i].String(), "\n")
		content := ts.ReadFile(path)
		if seen[path] || !strings.Contains(content, fmt.Sprintf("\ntitle: number %d\n", i)) || !strings.HasSuffix(content, "- Deployed By: Ada Park\n") {
			ts.Fatalf("%s was printed by number %d, and holds\n%s", path, i, content)
		}
		seen[path] = true
	}
}

// readRecord runs "record FILE KEY VALUE": the record as the site would read it
// has no problems, and that value.
func readRecord(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: record FILE KEY VALUE")
	}
	r := records.Parse(args[0], []byte(ts.ReadFile(args[0])), records.Options{})
	for _, p := range r.Problems {
		ts.Fatalf("%s", p)
	}
	got := map[string]string{
		"id": r.ID, "title": r.Title.Value, "start": r.Started.Time.Format(time.RFC3339), "status": string(r.Status),
		"service": joined(r.Services), "environment": r.Environment.Value, "version": r.Version.Value,
		"commit": r.Commit.Value, "branch": r.Branch.Value, "deployer": joined(r.Deployers), "tags": joined(r.Tags),
		"steps": fmt.Sprint(len(r.Steps)), "states": states(r), "notes": fmt.Sprint(len(r.Notes)),
		"finished": r.Finished.Time.Format(time.RFC3339),
	}
	if d, ok := r.Duration(); ok {
		got["duration"] = d.String()
	}
	if value, ok := got[args[1]]; !ok || value != args[2] {
		ts.Fatalf("%s of %s is %q, want %q", args[1], args[0], value, args[2])
	}
}

// states are those of all steps, a letter each.
func states(r *records.Record) (letters string) {
	for _, s := range r.Steps {
		letters += map[records.State]string{records.Done: "d", records.StepFailed: "f", records.StepRunning: "r", records.Skipped: "s", records.Pending: "p"}[s.State]
	}
	return letters
}

// status runs "status N COMMAND ARGS…": the command must exit with status N.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARGS…")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// changed runs "changed OLD NEW N [N]": NEW has N other lines than OLD, and
// with a second number has lost that many of OLD's.
func changed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: changed OLD NEW N [N]")
	}
	old, now := lineCounts(ts.ReadFile(args[0])), lineCounts(ts.ReadFile(args[1]))
	more, fewer := 0, 0
	for line, n := range now {
		more += max(0, n-old[line])
	}
	for line, n := range old {
		fewer += max(0, n-now[line])
	}
	if got := []string{fmt.Sprint(more), fmt.Sprint(fewer)}; got[0] != args[2] || len(args) > 3 && got[1] != args[3] {
		ts.Fatalf("%s has %d new lines and lost %d:\n%s", args[1], more, fewer, ts.ReadFile(args[1]))
	}
}

func lineCounts(text string) map[string]int {
	counts := map[string]int{}
	for line := range strings.Lines(text) {
		counts[line]++
	}
	return counts
}

// marksAtOnce runs "marks-at-once N FILE": N processes mark a step each of the
// same record, and one adds a note.
func marksAtOnce(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: marks-at-once N FILE")
	}
	var n int
	_, err := fmt.Sscan(args[0], &n)
	ts.Check(err)
	errs := make([]error, n+1)
	var all sync.WaitGroup
	for i := range n + 1 {
		call := []string{"step", fmt.Sprint(i + 1), "done", "--record", args[1]}
		if i == n {
			call = []string{"note", "tip", "all at once", "--record", args[1]}
		}
		all.Go(func() { errs[i] = deploystart(ts, io.Discard, call...) })
	}
	all.Wait()
	ts.Check(errors.Join(errs...))
}

// deploystart runs the command beside others, which the script's own commands
// cannot.
func deploystart(ts *testscript.TestScript, stdout io.Writer, args ...string) error {
	binary, err := exec.LookPath("deploystart")
	ts.Check(err)
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Stdout = ts.MkAbs("."), stdout
	for _, name := range []string{"PATH", "HOME", "TZ", "SYSTEMROOT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name)) // not os.Environ(): in a git hook that names another repository
	}
	return cmd.Run()
}

// wrongUsage runs "wrong-usage ARGS…": deploystart must exit with status 2 and
// write nothing to stdout.
func wrongUsage(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("deploystart", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != cli.StatusUsage {
		ts.Fatalf("deploystart %q: %v, want exit status %d", args, err, cli.StatusUsage)
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("deploystart %q wrote %q to stdout", args, out)
	}
}

func joined(texts []records.Text) string {
	var all []string
	for _, t := range texts {
		all = append(all, t.Value)
	}
	return strings.Join(all, ", ")
}

// deploystartHere runs the command in this process and gives its exit status.
func deploystartHere(env *cli.Env, args ...string) int {
	env.Name = "deploystart"
	return env.Exit(run(context.Background(), env, args))
}

func TestWithoutGitInstalled(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "checklist.md"), []byte("# T\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	var stderr bytes.Buffer
	status := deploystartHere(&cli.Env{Stdout: &stderr, Stderr: &stderr, Getenv: os.Getenv, Now: time.Now}, "-C", dir, "--template", "checklist.md")
	if want := "deploystart: git is not installed; install it, or start a record without commit and author by --no-git\n"; status != cli.StatusFailed || stderr.String() != want {
		t.Errorf("status %d: %s", status, &stderr)
	}
}

func TestStartTime(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 3, 31, 12, 0, 30, 5, stockholm) // the clocks are put forward from 2:00 to 3:00
	for at, want := range map[string]string{
		"":                          "2024-03-31T12:00:30+02:00",
		"14:30":                     "2024-03-31T14:30:00+02:00",
		"01:59":                     "2024-03-31T01:59:00+01:00",
		"2024-01-31 14:30":          "2024-01-31T14:30:00+01:00",
		"2024-01-31T14:30":          "2024-01-31T14:30:00+01:00",
		"2024-01-31 14:30:59":       "2024-01-31T14:30:59+01:00",
		"2024-01-31T14:30:00-08:00": "2024-01-31T14:30:00-08:00",
		"2024-01-31T14:30:00Z":      "2024-01-31T14:30:00Z",
		"2024-02-29 00:00":          "2024-02-29T00:00:00+01:00",
		"02:30":                     "",
		"2024-03-31 02:30":          "",
		"1969-12-31 23:00":          "", // a record with it could not be read
		"0001-01-01T00:00:00Z":      "",
		"2023-02-29 00:00":          "",
		"24:00":                     "",
		"14.30":                     "",
		"yesterday":                 "",
		"2024-01-31":                "",
		" ":                         "",
	} {
		got, err := startTime(at, now)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "--at") {
				t.Errorf("%q: %v, error %v", at, got, err)
			}
		} else if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v; want %s", at, got, err, want)
		}
	}
}

// TestPastTime reads the ends of deployments, ten minutes after the clocks of a Sunday
// were put forward.
func TestPastTime(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 3, 31, 3, 10, 0, 0, stockholm)
	for at, want := range map[string]string{
		"":                     "2024-03-31T03:10:00+02:00",
		"03:14":                "2024-03-31T03:14:00+02:00", // two clocks may differ
		"03:16":                "2024-03-30T03:16:00+01:00",
		"01:50":                "2024-03-31T01:50:00+01:00",
		"23:50":                "2024-03-30T23:50:00+01:00",
		"2024-03-31 23:50":     "",
		"2024-04-01T00:00:00Z": "",
	} {
		got, err := pastTime(at, now)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "has not come yet") {
				t.Errorf("%q: %v, error %v", at, got, err)
			}
		} else if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v; want %s", at, got, err, want)
		}
	}
}

func TestTheEditorOpensOnlyForSomebody(t *testing.T) {
	for _, test := range []struct {
		name     string
		terminal bool
		vars     map[string]string
		flags    start
		want     bool
	}{
		{"a person", true, map[string]string{"EDITOR": "vi"}, start{}, true},
		{"a person with $VISUAL only", true, map[string]string{"VISUAL": "vi"}, start{}, true},
		{"a person without an editor", true, nil, start{}, false},
		{"a pipe", false, map[string]string{"EDITOR": "vi"}, start{}, false},
		{"CI", true, map[string]string{"EDITOR": "vi", "CI": "true"}, start{}, false},
		{"--no-edit", true, map[string]string{"EDITOR": "vi"}, start{noEdit: true}, false},
		{"--edit in a pipe", false, map[string]string{"EDITOR": "vi"}, start{edit: true}, true},
	} {
		s := test.flags
		s.Env = &cli.Env{Terminal: test.terminal, Getenv: func(name string) string { return test.vars[name] }}
		if got := s.opensEditor(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// Whoever has no editor set is told, where an editor would have been opened.
func TestNoEditorIsSaid(t *testing.T) {
	for name, test := range map[string]struct {
		args     []string
		terminal bool
		want     bool
	}{
		"a person":  {nil, true, true},
		"--no-edit": {[]string{"--no-edit"}, true, false},
		"a pipe":    {nil, false, false},
	} {
		var stderr bytes.Buffer
		status := deploystartHere(&cli.Env{
			Stdout: io.Discard, Stderr: &stderr, Terminal: test.terminal, Getenv: func(string) string { return "" }, Now: time.Now,
		}, append([]string{"-C", t.TempDir(), "--no-git"}, test.args...)...)
		if said := strings.Contains(stderr.String(), "\nTo have records opened in your editor, set $VISUAL or $EDITOR.\n"); status != cli.StatusDone || said != test.want {
			t.Errorf("%s: status %d: %s", name, status, &stderr)
		}
	}
}

// TestOnATerminal runs the whole command as if somebody sat there.
func TestOnATerminal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the editor here is a line of shell")
	}
	dir := t.TempDir()
	template := filepath.Join(dir, "checklist.md")
	if err := os.WriteFile(template, []byte("# T\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"VISUAL": `printf '%s\n' edited >>`, "EDITOR": "false"}
	var stdout, stderr bytes.Buffer
	status := deploystartHere(&cli.Env{
		Stdout: &stdout, Stderr: &stderr, Terminal: true,
		Getenv: func(name string) string { return vars[name] },
		Now:    func() time.Time { return time.Date(2024, 8, 31, 14, 30, 10, 0, time.UTC) },
	}, "-C", dir, "--no-git", "--template", "checklist.md", "--dir", "-odd folder-")
	if status != cli.StatusDone {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	path := filepath.Join(dir, "-odd folder-", "2024-08-31-14-30-deployment.md")
	content, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(string(content), "\nedited\n") {
		t.Errorf("the editor did not get the record: %v\n%s", err, content)
	}
	if printed := strings.TrimSuffix(stdout.String(), "\n"); cli.Shown(path) != printed {
		t.Errorf("printed %q, want %q", printed, cli.Shown(path))
	}
}
