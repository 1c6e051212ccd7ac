package project

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// A Source is one of several folders whose records make up one site. Most are
// checkouts of repositories.
//
//	[[source]]
//	path = "../scores-api"
//	service = "scores-api"
//
//	[[source]]
//	name = "web"
//	path = "../storefront-web"
//	repository = "https://gitlab.example.org/shop/storefront"
//
// A setting that is missing here is taken from the deploysite.toml in the source's
// folder, if there is one. If it is missing there too: records, template, process,
// timezone, production, [audit] and [metrics] are those of the project that lists the source, and
// everything else has its usual default.
type Source struct {
	Name string // (name) part of IDs and addresses: "scores-api/2024-08-31-14-30". Default: the folder's name
	Path string // (path) the folder, slash-separated, relative to deploysite.toml; it may lie outside the project

	overrides map[string]any      // the values of sharedKeys, as written
	at        map[string]position // the positions of all keys; "" is the header
}

// sharedKeys are the keys that mean the same in a [[source]] table as in [Config].
var sharedKeys = []string{"service", "environment", "records", "template", "process", "repository", "forge", "branch", "timezone"}

// exampleName begins the names that hints propose.
const exampleName = "scores-api"

// settings lists every key of a [[source]] table. example is a name that no other has.
func (s *Source) settings(example string) []setting {
	all := []setting{
		{"name", one(&s.Name, sourceName), fmt.Sprintf("write a short name, such as %q", example)},
		{"path", one(&s.Path, sourcePath), fmt.Sprintf("write the folder of a checkout, such as %q", "../"+example)},
	}
	var checked Config // only to see whether the values are valid
	for _, key := range checked.settings() {
		if slices.Contains(sharedKeys, key.name) {
			all = append(all, setting{key.name, s.override(key), key.hint})
		}
	}
	return all
}

// override makes a setter that checks a value and keeps it for [Config.with].
func (s *Source) override(key setting) func(any) error {
	return func(value any) error {
		if value == "" {
			return errors.New("must not be empty")
		}
		s.overrides[key.name] = value
		return key.set(value)
	}
}

// sourceNameForm is what every file system and every address allows: a source's name
// is used in addresses, folders and references.
var sourceNameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)

// deviceName matches the names that Windows reserves for devices.
var deviceName = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

func sourceName(s string) (string, error) {
	name := strings.ToLower(s)
	switch {
	case !sourceNameForm.MatchString(name):
		return "", fmt.Errorf("must be up to 64 letters a to z, digits and hyphens, not %q", s)
	case deviceName.MatchString(name):
		return "", fmt.Errorf("must not be %q, which Windows keeps for a device", s)
	}
	return name, nil
}

func sourcePath(s string) (string, error) {
	if _, err := notEmpty(s); err != nil {
		return "", err
	}
	if strings.ContainsRune(s, '\\') {
		return "", fmt.Errorf("must be written with /, not as %q", s)
	}
	return path.Clean(s), nil
}

// sources reads the [[source]] tables.
func (p *parser) sources(value any) []Source {
	tables := p.tables("source", value, `write a [[source]] line for each folder, and path = "…" below it`)
	if tables == nil {
		return nil
	}
	all := make([]Source, len(tables))
	names, paths := map[string]int{}, map[string]int{}
	example := freeName(tables)
	for i, table := range tables {
		s := &all[i]
		*s = p.source(i, table, example)
		p.defaultName(s, table, example)
		if p.sourceIsNew(s, "path", s.Path, paths, i) {
			p.sourceIsNew(s, "name", s.Name, names, i)
		}
	}
	return all
}

// freeName is a name for a source, as an example, that none of these has.
func freeName(tables []map[string]any) string {
	taken := map[string]bool{}
	for _, table := range tables {
		for _, key := range []string{"name", "path"} {
			value, _ := table[key].(string)
			taken[text.Slug(path.Base(value))] = true
		}
	}
	name := exampleName
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", exampleName, n)
	}
	return name
}

func (p *parser) source(i int, table map[string]any, example string) Source {
	s := Source{overrides: map[string]any{}, at: map[string]position{"": p.keys.table("source", i)}}
	settings := s.settings(example)
	for name, value := range table {
		at := p.keys.inTable("source", i, name)
		s.at[name] = at
		p.set(settings, at, name, value)
	}
	if table["path"] == nil {
		p.report(s.at[""], "a source without a path", `add path = "…", the folder of a checkout`)
	}
	return s
}

// defaultName names a source after its folder.
func (p *parser) defaultName(s *Source, table map[string]any, example string) {
	if table["name"] != nil || s.Path == "" {
		return
	}
	name, err := sourceName(text.Slug(path.Base(s.Path)))
	if err != nil || strings.Trim(s.Path, "./") == "" { // "..": the folder's name depends on the machine
		p.report(s.position("path"), fmt.Sprintf("%q does not tell the source's name", s.Path), fmt.Sprintf(`add name = "…", such as name = %q`, example))
		return
	}
	s.Name = name
}

// sourceIsNew reports whether no earlier source has the name or the path, and adds a
// problem if one has.
func (p *parser) sourceIsNew(s *Source, key, value string, owners map[string]int, i int) bool {
	if value == "" {
		return true
	}
	if first, taken := owners[value]; taken {
		hint := map[string]string{"name": `give one of them another name = "…"`, "path": "remove one of the two"}[key]
		p.report(s.position(key), fmt.Sprintf("%s %q is already that of source %d", key, value, first+1), hint)
		return false
	}
	owners[value] = i
	return true
}

// position is the position of a source's key in deploysite.toml, or else that of the
// source.
func (s *Source) position(key string) position {
	if at, ok := s.at[key]; ok {
		return at
	}
	return s.at[""]
}

// Sources lists the folders whose records make up the site: those of [[source]], or
// else the project itself. Each is a project with the configuration that applies to
// it.
func (p *Project) Sources() []*Project {
	if len(p.sources) == 0 {
		return []*Project{p}
	}
	return p.sources
}

// HasSources reports whether the records come from [[source]] tables.
func (p *Project) HasSources() bool { return len(p.sources) > 0 }

// ID returns the ID that a record of this project has on the site. If the project is
// a source, the source's name comes first: "scores-api/2024-08-31-14-30".
func (p *Project) ID(record string) string {
	if p.Source.Name == "" {
		return record
	}
	return p.Source.Name + "/" + record
}

// Shown is the path by which people find a file of this project. Files of a source
// are named relative to the project that lists it.
func (p *Project) Shown(file string) string {
	if p.Source.Path == "" {
		return file
	}
	return path.Join(p.Source.Path, file)
}

// openSources finds the folders of the sources and reads their configurations. It
// adds the problems with the [[source]] tables to those of the configuration.
func (p *Project) openSources(problems []problem.Problem) []problem.Problem {
	report := func(s *Source, key, message, hint string) {
		at := s.position(key)
		problems = append(problems, problem.NothingThere.At(ConfigName, at.line, at.column, message, hint))
	}
	for i := range p.Config.Sources {
		s := &p.Config.Sources[i]
		if at := s.position("path"); slices.ContainsFunc(problems, func(p problem.Problem) bool { return p.File == ConfigName && p.Line == at.line }) {
			continue // what is wrong with its path is told already
		}
		source, message, hint := p.openSource(s)
		if message == "" {
			message, hint = source.apartFrom(p)
		}
		if message != "" {
			report(s, "path", message, hint)
			continue
		}
		if mistakes := source.checkShared(); len(mistakes) > 0 {
			problems = append(problems, mistakes...)
			continue
		}
		if info, err := os.Stat(source.RecordsDir()); s.overrides["records"] != nil && (err != nil || !info.IsDir()) {
			report(s, "records", fmt.Sprintf("there is no folder %s", source.Shown(source.Config.Records)), "correct it, or make the folder")
			continue
		}
		p.sources = append(p.sources, source)
	}
	problem.Sort(problems)
	return problems
}

// openSource opens one source; a message says why it cannot be one.
func (p *Project) openSource(s *Source) (source *Project, message, hint string) {
	root := p.Path(s.Path)
	info, err := os.Stat(root)
	switch {
	case os.IsNotExist(err):
		return nil, fmt.Sprintf("there is no folder %s", s.Path), "clone the repository there, or correct the path; it counts from deploysite.toml"
	case err != nil:
		return nil, "cannot be read: " + err.Error(), "make the folder readable, or correct the path"
	case !info.IsDir():
		return nil, s.Path + " is not a folder", "name the folder of a checkout"
	}
	// A link may lead to a source, but no link leads out of one: the root is resolved.
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, "cannot be read: " + err.Error(), "correct the path"
	}
	source = &Project{Root: root, Source: *s}
	own, err := p.readOwn(source)
	if err != nil {
		return nil, "its " + ConfigName + " cannot be read: " + err.Error(), "make it readable, or remove it"
	}
	source.Config = own.with(s, p.Config)
	if source.Is(p) {
		source.Config.Documents = p.Config.Documents
	}
	return source, "", ""
}

// readOwn reads the configuration that a source has itself.
func (p *Project) readOwn(source *Project) (Config, error) {
	base := Default()
	base.Location, base.Records, base.Template, base.Process = p.Config.Location, p.Config.Records, p.Config.Template, p.Config.Process
	base.Production, base.Metrics, base.Audit = p.Config.Production, p.Config.Metrics, p.Config.Audit
	if source.Is(p) {
		return p.Config, nil
	}
	text, err := readConfig(filepath.Join(source.Root, ConfigName))
	if os.IsNotExist(err) {
		return base, nil
	}
	if err != nil {
		return base, err
	}
	source.ConfigFile = filepath.Join(source.Root, ConfigName)
	own, problems, secret := parseMasked(base, source.Shown(ConfigName), text)
	if len(own.Sources) > 0 {
		at := own.Sources[0].position("")
		problems = append(problems, problem.SourceInSource.At(source.Shown(ConfigName), at.line, at.column,
			"the sources of a source are not followed", "list them in the "+ConfigName+" that lists this one"))
	}
	source.Problems = append(problems, secret...)
	return own, nil
}

// with is the configuration of a source. [[source]] takes precedence over the
// source's own deploysite.toml. Settings of the whole site are the project's.
func (c Config) with(s *Source, project Config) Config {
	c.Documents = ""
	c.Sources, c.Search, c.Language, c.Theme, c.Output, c.BaseURL = nil, project.Search, project.Language, project.Theme, project.Output, project.BaseURL
	for _, key := range c.settings() {
		if value, ok := s.overrides[key.name]; ok {
			_ = key.set(value) // it was valid when it was read
		}
	}
	return c
}

// Is reports whether two projects have the same root: a source may be the project
// that lists it.
func (p *Project) Is(other *Project) bool {
	a, errA := os.Stat(p.Root)
	b, errB := os.Stat(other.Root)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// Holds reports whether other lies in this project's folder, or is that folder.
func (p *Project) Holds(other *Project) bool {
	root, err := filepath.EvalSymlinks(other.Root)
	return err == nil && (p.Is(other) || inside(p.Root, root))
}

// apartFrom says why a source overlaps with an earlier one. A file must belong to one
// source, or it would be unclear where a link to it leads. Only the project itself
// may contain the folders of other sources.
func (p *Project) apartFrom(all *Project) (message, hint string) {
	for _, other := range all.sources {
		outer, inner := other, p
		if inside(p.Root, other.Root) {
			outer, inner = p, other
		}
		switch {
		case p.Is(other):
			return fmt.Sprintf("%s is the same folder as source %q", p.Source.Path, other.Source.Name), "remove one of the two"
		case inside(outer.Root, inner.Root) && !outer.Is(all):
			return fmt.Sprintf("%s and source %q lie one in the other", p.Source.Path, other.Source.Name), "keep checkouts beside each other"
		}
	}
	return "", ""
}

// inside reports whether a folder lies in another.
func inside(outer, inner string) bool {
	rel, err := filepath.Rel(outer, inner)
	return err == nil && rel != "." && filepath.IsLocal(rel)
}
