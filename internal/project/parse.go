package project

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// maxConfig is the largest configuration that is read, in bytes. The TOML
// library recurses into nested arrays, so its stack grows with the file.
const maxConfig = 64 << 10

// readConfig reads a configuration. Of one that is too large it returns enough for
// the parser to report that.
func readConfig(path string) ([]byte, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if rel, relErr := filepath.Rel(folder, target); err != nil || relErr != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("%s is a link that leads out of its folder; put the file itself there", path)
		}
	}
	source, err := disk.ReadFile(path, maxConfig)
	switch {
	case errors.As(err, new(disk.NotRegular)):
		return nil, fmt.Errorf("%s is not a file; move it away", path)
	case errors.As(err, new(disk.TooLarge)):
		return source, nil
	}
	return source, err
}

// ParseConfig reads a configuration over the values of another, such as [Default]. It
// returns all problems, sorted, with file as their file. A key with a problem keeps the
// value of base. Each problem is an error: an unknown key is a setting that has no
// effect.
func ParseConfig(base Config, file string, source []byte) (Config, []problem.Problem) {
	p := &parser{file: file, base: base}
	config := p.parse(bytes.TrimPrefix(source, []byte("\ufeff")))
	problem.Sort(p.problems)
	return config, p.problems
}

// parseMasked reads a configuration with marks in the places of its secrets, and warns
// of those.
func parseMasked(base Config, file string, source []byte) (config Config, problems, secret []problem.Problem) {
	config, problems = ParseConfig(base, file, source)
	masked := secrets.Mask(source, secrets.Finder{Allow: config.Secrets.Allow}.Find(source))
	if len(masked.Found) == 0 || len(source) > maxConfig {
		return config, problems, nil
	}
	config, problems = ParseConfig(base, file, masked.Source)
	masked.Restore(problems)
	return config, problems, masked.Problems(file)
}

// parser collects the problems of one configuration.
type parser struct {
	file     string
	base     Config // what holds where the file says nothing
	keys     keyPositions
	problems []problem.Problem
}

func (p *parser) parse(source []byte) Config {
	if len(source) > maxConfig {
		p.report(position{}, fmt.Sprintf("larger than %d KiB", maxConfig>>10), "keep only settings in it")
		return p.base
	}
	for _, c := range text.Conflicts(source) {
		p.add(problem.Conflict, positionAt(source, c.Start()), "a merge conflict is not solved: "+c.Describe(source), "solve it: keep what is right, and take these lines out")
	}
	if len(p.problems) > 0 {
		return p.base
	}
	table, keys, wrong := frontmatter.DecodeTOML(source)
	if wrong != nil {
		p.report(positionAt(source, wrong.Offset), wrong.Message, wrong.Hint)
		return p.base
	}
	p.keys = keyPositions{source, keys}
	config := p.settings(table)
	p.table("search", config.Search.settings(), table["search"])
	p.table("audit", config.Audit.settings(), table["audit"])
	p.table("metrics", config.Metrics.settings(), table["metrics"])
	p.table("check", config.Check.settings(), table["check"])
	p.table("secrets", config.Secrets.settings(), table["secrets"])
	config.People = p.people(table["people"])
	config.Sources = p.sources(table["source"])
	config.keys = p.keys
	return config
}

// settings reads all keys but the tables.
func (p *parser) settings(table map[string]any) Config {
	config := p.base
	settings := config.settings()
	tables := []string{"audit", "check", "metrics", "people", "search", "secrets", "source"}
	for name, value := range table {
		if !slices.Contains(tables, name) {
			p.set(settings, p.keys.at(name), name, value, tables...)
		}
	}
	return config
}

// set sets one key, and reports it if it is unknown. others are further keys that
// are known there.
func (p *parser) set(settings []setting, at position, name string, value any, others ...string) {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.name == name })
	if i < 0 {
		p.unknown(at, name, append(names(settings), others...))
	} else if err := settings[i].set(value); err != nil {
		p.report(at, name+" "+err.Error(), settings[i].hint)
	}
}

// table reads a table [name].
func (p *parser) table(name string, settings []setting, value any) {
	table, ok := value.(map[string]any)
	if !ok && value != nil {
		p.report(p.keys.at(name), name+" must be a table, not "+typeOf(value), "write a line ["+name+"], and its keys below it")
	}
	for key, v := range table {
		p.set(settings, p.keys.inTable(name, 0, key), key, v)
	}
}

// tables returns the tables [[name]].
func (p *parser) tables(name string, value any, hint string) []map[string]any {
	if list, ok := value.([]any); value == nil || ok && len(list) == 0 {
		return nil
	}
	tables, ok := value.([]map[string]any)
	if !ok {
		p.report(p.keys.at(name), name+" must be tables, not "+typeOf(value), hint)
	}
	return tables
}

// people reads the [[people]] tables.
func (p *parser) people(value any) []Person {
	var all []Person
	owners := map[string]int{}
	for i, table := range p.tables("people", value, `write a [[people]] line for each person, and name = "…" below it`) {
		all = append(all, p.person(i, table))
		p.claim(i, all, owners)
	}
	return all
}

func (p *parser) person(i int, table map[string]any) Person {
	var person Person
	settings := person.settings()
	for name, value := range table {
		p.set(settings, p.keys.inTable("people", i, name), name, value)
	}
	if person.Name == "" && table["name"] == nil {
		p.report(p.keys.table("people", i), "a person without a name", `add name = "…", as the site should show it`)
	}
	return person
}

// claim reports the names of the i-th person that an earlier person has as well.
func (p *parser) claim(i int, people []Person, owners map[string]int) {
	claim := func(key, name string) {
		folded := strings.ToLower(name)
		if owner, taken := owners[folded]; taken && owner != i && name != "" {
			p.report(p.keys.inTable("people", i, key),
				fmt.Sprintf("%q is already a name of %s", name, people[owner].Name), "remove one of the two")
			return
		}
		owners[folded] = i
	}
	claim("name", people[i].Name)
	claim("email", people[i].Email)
	for _, alias := range people[i].Aliases {
		claim("aliases", alias)
	}
}

func (p *parser) unknown(at position, name string, known []string) {
	hint := "known keys are " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
	if near := text.Nearest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if base := p.base; slices.Contains(names(base.settings()), name) { // and not in this table
		hint = "write it at the top of the file, above the first line with a ["
	}
	p.add(problem.UnknownSetting, at, fmt.Sprintf("unknown key %q", name), hint)
}

func (p *parser) report(at position, message, hint string) {
	p.add(problem.BadSetting, at, message, hint)
}

func (p *parser) add(rule problem.Rule, at position, message, hint string) {
	p.problems = append(p.problems, rule.At(p.file, at.line, at.column, message, hint))
}

// position is a place in a file, from 1; zero where it is unknown.
type position struct{ line, column int }
