// Package sarif writes problems in the Static Analysis Results Interchange Format 2.1.0,
// which forges and editors read.
package sarif

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// Home is the tool's address, and guide that of the page with a section for each rule.
const (
	Home  = "https://github.com/deploysite/deploysite"
	guide = Home + "/blob/main/docs/guide/check.md#"
)

// Log is a file in the format.
type Log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool       tool     `json:"tool"`
	ColumnKind string   `json:"columnKind"`
	Results    []result `json:"results"`
}

type tool struct {
	Driver driver `json:"driver"`
}

type driver struct {
	Name           string `json:"name"`
	Version        string `json:"version,omitempty"`
	InformationURI string `json:"informationUri"`
	Rules          []rule `json:"rules"`
}

type rule struct {
	ID               string        `json:"id"`
	ShortDescription message       `json:"shortDescription"`
	HelpURI          string        `json:"helpUri"`
	Default          configuration `json:"defaultConfiguration"`
}

type configuration struct {
	Level problem.Severity `json:"level"`
}

type message struct {
	Text string `json:"text"`
}

type result struct {
	RuleID       problem.Rule      `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        problem.Severity  `json:"level"`
	Message      message           `json:"message"`
	Locations    []location        `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type location struct {
	Physical physical `json:"physicalLocation"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
	Region   *region  `json:"region,omitempty"`
}

type artifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

type region struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

// New is a log of problems. line gives the text of a line of a file, "" where it cannot
// be read; prefix is the way from the repository's top to the project, "" or "a/b/".
func New(problems []problem.Problem, version, prefix string, line func(file string, n int) string) Log {
	known, index := rules()
	seen, results := map[string]int{}, []result{}
	for _, p := range problems {
		place := physical{Artifact: artifact{(&url.URL{Path: prefix + p.File}).EscapedPath(), "%SRCROOT%"}}
		if p.Line > 0 {
			place.Region = &region{p.Line, p.Column}
		}
		results = append(results, result{RuleID: p.Rule, RuleIndex: index[p.Rule], Level: p.Severity, Message: message{say(p)},
			Locations: []location{{place}}, Fingerprints: map[string]string{"deploysite/v1": fingerprint(p, line, seen)}})
	}
	return Log{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []run{{
		Tool:       tool{driver{Name: "deploysite", Version: version, InformationURI: Home, Rules: known}},
		ColumnKind: "unicodeCodePoints", Results: results}}}
}

func rules() (known []rule, index map[problem.Rule]int) {
	index = map[problem.Rule]int{}
	for i, about := range problem.Rules() {
		index[about.Rule] = i
		known = append(known, rule{string(about.Rule), message{about.Text}, guide + string(about.Rule), configuration{about.Severity}})
	}
	return known, index
}

func say(p problem.Problem) string {
	if p.Hint != "" {
		return text.Visible(p.Message + "; " + p.Hint)
	}
	return text.Visible(p.Message)
}

// fingerprint stays as long as the rule, the file and the words of the line do, wherever
// the line moves. Equal lines are counted from the top.
func fingerprint(p problem.Problem, line func(string, int) string, seen map[string]int) string {
	words := p.Message // of the whole file
	if p.Line > 0 {
		words = strings.Join(strings.Fields(line(p.File, p.Line)), " ")
	}
	key := fmt.Sprintf("%s\x00%s\x00%s", p.Rule, p.File, words)
	seen[key]++
	return fmt.Sprintf("%.16x:%d", sha256.Sum256([]byte(key)), seen[key])
}
