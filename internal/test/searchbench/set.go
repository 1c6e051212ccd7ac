package main

import (
	"cmp"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

//go:embed testdata/postgresql/records.txtar testdata/postgresql/*.tsv
var setFiles embed.FS

const (
	recordsFile = "testdata/postgresql/records.txtar"
	queriesFile = "testdata/postgresql/queries.tsv"
	controlFile = "testdata/postgresql/control.tsv"
)

// relevanceSet is real texts and questions to them; its folder's README.md says
// where they are from.
type relevanceSet struct {
	records []txtar.File
	queries []query
	control []query // like queries, but nobody improves a search by them
}

// query is what somebody types to find a record again.
type query struct {
	place    string // file:line
	text     string
	relevant []string // IDs of the records that are right
	mistake  string   // the kind of typing error, "" where there is none
}

func loadSet() (set relevanceSet, err error) {
	archive, err := setFiles.ReadFile(recordsFile)
	if err != nil {
		return set, err
	}
	set.records = txtar.Parse(archive).Files
	if set.queries, err = loadQueries(queriesFile); err != nil {
		return set, err
	}
	set.control, err = loadQueries(controlFile)
	return set, err
}

func loadQueries(file string) ([]query, error) {
	table, err := setFiles.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseQueries(file, string(table))
}

// parseQueries reads lines of three columns, query, IDs and kind of error,
// below a line with their names.
func parseQueries(file, table string) ([]query, error) {
	var queries []query
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if i == 0 {
			continue
		}
		place := fmt.Sprintf("%s:%d", file, i+1)
		columns := strings.Split(line, "\t")
		if len(columns) != 3 || columns[0] == "" || columns[1] == "" || columns[2] == "" {
			return nil, fmt.Errorf("%s: not three columns: query, records, error", place)
		}
		mistake := columns[2]
		if mistake == "none" {
			mistake = ""
		}
		queries = append(queries, query{place, columns[0], strings.Fields(columns[1]), mistake})
	}
	return queries, nil
}

// kind names the typing error for people.
func (q query) kind() string { return cmp.Or(q.mistake, "no error") }

// write makes a project of the set's records in dir.
func (s relevanceSet) write(dir string) error {
	folder := filepath.Join(dir, "deployments", "checklists")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	config := []byte("title = \"Release notes of a database\"\n")
	if err := os.WriteFile(filepath.Join(dir, "deploysite.toml"), config, 0o644); err != nil {
		return err
	}
	for _, file := range s.records {
		if err := os.WriteFile(filepath.Join(folder, file.Name), file.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
