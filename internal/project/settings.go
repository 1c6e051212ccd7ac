package project

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// setting is one key of the configuration.
type setting struct {
	name string
	set  func(value any) error // the error completes the sentence "NAME …"
	hint string                // what to do about the error
}

const baseURLHint = `write the whole address, such as "https://example.org/deployments"`

// settings lists every key of the configuration but the tables.
func (c *Config) settings() []setting {
	return []setting{
		{"title", one(&c.Title, notEmpty), `write title = "…"`},
		{"base_url", one(&c.BaseURL, webAddress), baseURLHint},
		{"repository", one(&c.Repository, repositoryPage), `write the address of its page, such as "https://github.com/acme/accounts"`},
		{"forge", one(&c.Forge, oneOf("forge", Forges...)), `write one of "github", "gitlab", "forgejo", "gitea", "bitbucket"`},
		{"branch", one(&c.Branch, notEmpty), `write branch = "…"`},
		{"service", one(&c.Service, notEmpty), `write service = "…"`},
		{"environment", one(&c.Environment, notEmpty), `write environment = "…"`},
		{"timezone", one(&c.Location, timeZone), `write a name of the IANA time zone database, such as "Europe/Stockholm"`},
		{"output", one(&c.Output, notEmpty), `write the folder for the site, such as "public"`},
		{"theme", one(&c.Theme, folderName), "write the name of a folder in themes/"},
		{"records", one(&c.Records, insidePath), `write a folder, such as "deployments/checklists"`},
		{"template", one(&c.Template, repositoryPath), `write a file, such as "docs/deployment-checklist.md"`},
		{"process", one(&c.Process, repositoryPath), `write a file, such as "docs/deployment-process.md"`},
		{"documents", one(&c.Documents, folderInside), `write a folder of the project, such as "docs/runbooks"`},
		{"language", one(&c.Language, languageTag), `write a language tag, such as "en" or "pt-BR"`},
		{"production", many(&c.Production, notEmpty), `write a list, such as ["production", "prod"]`},
		{"briefing", yesNo(&c.Briefing), "write briefing = true or briefing = false"},
		{"reading", many(&c.Reading, insidePath), `write record IDs, such as ["2024-08-31-14-30"]`},
	}
}

// settings lists every key of a [[people]] table.
func (p *Person) settings() []setting {
	return []setting{
		{"name", one(&p.Name, personName), `write name = "…", as the site should show it`},
		{"aliases", many(&p.Aliases, personName), `write a list, such as ["ada", "apark"]`},
		{"email", one(&p.Email, emailAddress), `write an address, such as "ada@example.org"`},
	}
}

// settings lists every key of the table [search].
func (s *Search) settings() []setting {
	return []setting{
		{"enabled", yesNo(&s.Enabled), "write enabled = false to have no search"},
		{"stemming", one(&s.Stemming, oneOf("language", EnglishStemming, NoStemming)), `write one of "english", "none"`},
	}
}

// settings lists every key of the table [metrics].
func (m *Metrics) settings() []setting {
	return []setting{
		{"hotfix", many(&m.Hotfix, notEmpty), `write a list of tags, such as ["hotfix"]`},
		{"week", one(&m.Week, oneOf("day", Weekdays...)), `write the day that a week begins with, such as "monday"`},
	}
}

// settings lists every key of the table [audit].
func (a *Audit) settings() []setting {
	return []setting{
		{"require", many(&a.Require, fact), `write a list of facts, such as ["links.change", "approved_by", "four-eyes"]`},
		{"from", one(&a.From, dayOf), `write a day in quotes, such as "2026-10-01"`},
	}
}

// settings lists every key of the table [check].
func (c *Check) settings() []setting {
	return []setting{
		{"off", many(&c.Off, rule), `write a list of rules, such as ["open-step"]; deploysite check --rules lists them`},
	}
}

// settings lists every key of the table [secrets].
func (s *Secrets) settings() []setting {
	return []setting{{"allow", many(&s.Allow, fingerprint), `write fingerprints as warnings of secrets name them, such as ["3f0c9a1be274:password"]`}}
}

func names(settings []setting) []string {
	var all []string
	for _, s := range settings {
		all = append(all, s.name)
	}
	return all
}

// one makes a setter for a key that holds a string.
func one[T any](to *T, parse func(string) (T, error)) func(any) error {
	return func(value any) error {
		s, ok := value.(string)
		if !ok {
			return fmt.Errorf("must be a string, not %s", typeOf(value))
		}
		parsed, err := parse(s)
		if err == nil {
			*to = parsed
		}
		return err
	}
}

// yesNo makes a setter for a key that holds a boolean.
func yesNo(to *bool) func(any) error {
	return func(value any) error {
		b, ok := value.(bool)
		if !ok {
			return fmt.Errorf("must be true or false, not %s", typeOf(value))
		}
		*to = b
		return nil
	}
}

// many makes a setter for a key that holds a list of strings.
func many[T any](to *[]T, parse func(string) (T, error)) func(any) error {
	return func(value any) error {
		list, ok := value.([]any)
		if !ok {
			return fmt.Errorf("must be a list of strings, not %s", typeOf(value))
		}
		all := make([]T, len(list))
		for i, item := range list {
			if err := one(&all[i], parse)(item); err != nil {
				return fmt.Errorf("entry %d %w", i+1, err)
			}
		}
		*to = all
		return nil
	}
}

// typeOf names the TOML type of a value.
func typeOf(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	case time.Time:
		return "a date"
	case []any, []map[string]any:
		return "a list"
	}
	return "a table"
}

func notEmpty(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", errors.New("must not be empty")
	}
	return s, nil
}

// fact is one that an audit demands. What is no key of a record has one spelling.
func fact(s string) (string, error) {
	if own := "four-eyes"; strings.EqualFold(strings.ReplaceAll(s, "_", "-"), own) {
		return own, nil
	}
	return notEmpty(s)
}

func dayOf(s string) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("is no day: %q", s)
	}
	return s, nil
}

func personName(s string) (string, error) { return notEmpty(clean(s)) }

func emailAddress(s string) (string, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", fmt.Errorf("must be an e-mail address, not %q", s)
	}
	return s, nil
}

// webAddress accepts an absolute http or https address. The error does not repeat an
// address with a password in it.
func webAddress(s string) (string, error) {
	u, err := url.Parse(s)
	if err == nil && u.User != nil {
		return "", errors.New("must not hold a user name or password")
	}
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "", fmt.Errorf("must be an http or https address, not %q", s)
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("must be an address without ? and #, not %q", s)
	}
	return strings.TrimRight(s, "/"), nil
}

// ParseBaseURL checks a value of the key base_url. The error completes the sentence
// "base_url …" and says what to write.
func ParseBaseURL(s string) (string, error) {
	address, err := webAddress(s)
	if err != nil {
		return "", fmt.Errorf("%w; %s", err, baseURLHint)
	}
	return address, nil
}

func repositoryPage(s string) (string, error) {
	s, err := webAddress(s)
	return strings.TrimSuffix(s, ".git"), err
}

// oneOf accepts the listed values.
func oneOf[T ~string](what string, known ...T) func(string) (T, error) {
	return func(s string) (T, error) {
		if slices.Contains(known, T(s)) {
			return T(s), nil
		}
		return "", fmt.Errorf("must be a %s that is known, not %q", what, s)
	}
}

func fingerprint(s string) (string, error) {
	if !secrets.IsFingerprint(s) {
		return "", fmt.Errorf("must be a fingerprint, not %q", s)
	}
	return s, nil
}

func rule(s string) (problem.Rule, error) {
	if _, known := problem.Rule(s).About(); !known {
		near := text.Nearest(s, problem.RuleNames())
		if near != "" {
			near = fmt.Sprintf(" (did you mean %q?)", near)
		}
		return "", fmt.Errorf("must be a rule, not %q%s", s, near)
	}
	return problem.Rule(s), nil
}

func timeZone(s string) (*time.Location, error) {
	if s == "" || s == "Local" { // Go knows both; but records must read alike on each machine
		return nil, fmt.Errorf("must be a time zone, not %q", s)
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil, fmt.Errorf("must be a time zone that is known, not %q", s)
	}
	return zone, nil
}

func languageTag(s string) (string, error) {
	if _, err := language.Parse(s); err != nil {
		return "", fmt.Errorf("must be a language tag, not %q", s)
	}
	return s, nil
}

// insidePath accepts a relative path that stays below the project's root.
func insidePath(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", errors.New("must not be empty")
	}
	if strings.ContainsRune(s, '\\') {
		return "", fmt.Errorf("must be written with /, not as %q", s)
	}
	if !filepath.IsLocal(filepath.FromSlash(s)) {
		return "", fmt.Errorf("must stay inside the project, which %q does not", s)
	}
	return path.Clean(s), nil
}

// folderInside accepts a folder below the project's root. It refuses the root itself,
// since everything in the folder is read.
func folderInside(s string) (string, error) {
	inside, err := insidePath(s)
	if err == nil && inside == "." {
		return "", errors.New("must be a folder of the project, not all of it")
	}
	return inside, err
}

func folderName(s string) (string, error) {
	inside, err := insidePath(s)
	if err != nil || inside == "." || strings.Contains(s, "/") {
		return "", fmt.Errorf("must be the name of a folder, not %q", s)
	}
	return inside, nil
}
