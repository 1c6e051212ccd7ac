// Package exports loads what deploysite exports into what others read it with: PostgreSQL
// and DuckDB, by the queries that the guide shows, and the schemas of CDEvents. In
// PostgreSQL the numbers are counted again, in SQL, and compared.
package exports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/test/generate"
)

// now is when the numbers are counted: in the middle of a quarter, some time after the last record.
var now = time.Date(2027, time.February, 10, 11, 0, 0, 0, time.UTC)

// bin has the program of this work tree, and in front of it one that answers the same
// question once: the exports of a thousand records take their time.
var bin string

const once = `#!/bin/sh
answer=$0-$(echo "$PWD $*" | cksum | tr -d ' ')
[ -e "$answer" ] || "${0%/*}/built/deploysite" "$@" >"$answer" || { rm "$answer"; exit 1; }
cat "$answer"
`

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "exports")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	bin = filepath.Join(folder, "bin")
	built := filepath.Join(bin, "built") + string(filepath.Separator)
	if out, err := exec.Command("go", "build", "-o", built, "../../../cmd/deploysite").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	if err := os.WriteFile(filepath.Join(bin, "deploysite"), []byte(once), 0o755); err != nil {
		panic(err)
	}
	stop, err := start()
	if err != nil {
		fmt.Fprintf(os.Stderr, "PostgreSQL: %v; run: mise run setup-test\n", err)
		return 1
	}
	defer stop()
	return m.Run()
}

// A project is one whose exports are loaded. Its name is that of its database.
type project struct {
	name, dir, zone string
}

func TestExports(t *testing.T) {
	made := filepath.Join(t.TempDir(), "made")
	if err := generate.Project(made, 1000, generate.Options{Seed: 7}); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(t.TempDir(), "odd")
	if err := writeOdd(odd, 400); err != nil {
		t.Fatal(err)
	}
	example := filepath.Join(t.TempDir(), "example")
	if err := os.CopyFS(example, os.DirFS("../../../examples/jump-man")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []project{{"jump_man", example, "Europe/Berlin"}, {"made", made, "UTC"}, {"odd", odd, "America/New_York"}} {
		if p.dir != example {
			p.decide(t, "docs/deployment-checklist.md")
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			project{"postgres", p.dir, p.zone}.asks(t, "CREATE DATABASE "+p.name)
			t.Run("guide", p.guide)
			t.Run("both forms", p.bothForms)
			t.Run("events", p.events)
			t.Run("numbers", p.numbers)
		})
	}
}

// runs runs a program in the folder of the project and returns what it prints.
func (p project) runs(t *testing.T, stdin io.Reader, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var said bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stderr = p.dir, stdin, &said
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", now.Unix()),
		"PGTZ="+p.zone, "TZ="+p.zone)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, said.Bytes(), out)
	}
	return out
}

// deploysite is what a command prints as JSON.
func (p project) deploysite(t *testing.T, into any, args ...string) {
	t.Helper()
	if err := json.Unmarshal(p.runs(t, nil, filepath.Join(bin, "deploysite"), args...), into); err != nil {
		t.Fatal(err)
	}
}

// site is the folder of the site, which is built once.
func (p project) site(t *testing.T) string {
	t.Helper()
	out := p.dir + "-site"
	p.runs(t, nil, filepath.Join(bin, "deploysite"), "build", "--output", out)
	return out
}

// asks asks PostgreSQL and returns the rows.
func (p project) asks(t *testing.T, sql string, variables ...string) [][]string {
	t.Helper()
	args := []string{"--no-psqlrc", "--quiet", "--csv", "--tuples-only", "--set=ON_ERROR_STOP=1", "--host=" + socket, "--username=postgres", "--dbname=" + p.name}
	for _, v := range variables {
		args = append(args, "--set="+v)
	}
	rows, err := csv.NewReader(bytes.NewReader(p.runs(t, strings.NewReader(sql), program("psql"), args...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// duckdb asks DuckDB one question after the other.
func (p project) duckdb(t *testing.T, questions ...string) (answers [][][]string) {
	t.Helper()
	data, _ := json.Marshal(questions)
	if err := json.Unmarshal(p.node(t, data, "query.mjs"), &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// node runs one of the scripts with the npm packages.
func (p project) node(t *testing.T, stdin []byte, script string, args ...string) []byte {
	t.Helper()
	if _, err := os.Stat("npm/node_modules/@duckdb"); err != nil {
		t.Fatalf("%v; run: mise run setup-test", err)
	}
	script, err := filepath.Abs(filepath.Join("npm", script))
	if err != nil {
		t.Fatal(err)
	}
	return p.runs(t, bytes.NewReader(stdin), "node", append([]string{script}, args...)...)
}

// blocks are the examples in a language below a heading of the guide's page.
func blocks(t *testing.T, heading, language string) (all []string) {
	t.Helper()
	page, err := os.ReadFile("../../../docs/guide/export.md")
	if err != nil {
		t.Fatal(err)
	}
	_, below, _ := strings.Cut(string(page), "\n## "+heading+"\n")
	below, _, _ = strings.Cut(below, "\n## ")
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(below, -1) {
		all = append(all, m[1])
	}
	if len(all) == 0 {
		t.Fatalf("the guide has no example in %s below %q", language, heading)
	}
	return all
}
