package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// CDEvents has events as https://cdevents.dev describes them: of each success one for
// each service in each environment, and one of each deployment that did not succeed.
var CDEvents = Feed{"cdevents", func() func(Record) ([]any, Gap) {
	return deployed{}.events
}}

const (
	cdVersion = "0.5.1"
	cdType    = "dev.cdevents.%s.0.3.0"
)

// A cdEvent has no other keys: the schemas are closed.
type cdEvent struct {
	Context struct {
		Version   string `json:"specversion"`
		ID        string `json:"id"`
		Source    string `json:"source"`
		Type      string `json:"type"`
		Timestamp string `json:"timestamp"`
	} `json:"context"`
	Subject struct {
		ID      string `json:"id"`
		Content any    `json:"content"`
	} `json:"subject"`
	Custom map[string]json.RawMessage `json:"customData"`
}

type cdService struct {
	Environment struct {
		ID string `json:"id"`
	} `json:"environment"`
	Artifact string `json:"artifactId"`
}

type cdRun struct {
	Outcome string `json:"outcome"`
	Errors  string `json:"errors,omitempty"`
}

// deployed are the services that were deployed before, by their environments.
type deployed map[[2]string]bool

func (before deployed) events(r Record) (all []any, gap Gap) {
	outcomes := map[records.Status]string{records.Failed: "failure", records.RolledBack: "failure", records.Cancelled: "cancel"}
	services, environments := distinct(records.Values(r.Services)), distinct(records.Values(r.Environments))
	switch outcome := outcomes[r.Status]; {
	case r.Status == records.Succeeded:
		gap = r.unplaced(services, environments)
		for _, service := range services {
			for _, environment := range environments {
				if predicate := before.predicate(r, service, environment); !r.hasNoEnd() {
					all = append(all, r.serviceEvent(predicate, service, environment))
				}
			}
		}
	case outcome == "":
		gap = noOutcome
	case r.hasNoEnd():
		gap = noEnd
	default:
		all = append(all, r.event("pipelinerun.finished", r.ID, cdRun{outcome, r.errors()}))
	}
	return all, gap
}

func (r Record) unplaced(services, environments []string) Gap {
	switch {
	case r.hasNoEnd():
		return noEnd
	case len(services) == 0:
		return noService
	case len(environments) == 0:
		return noEnvironment
	}
	return none
}

func (r Record) hasNoEnd() bool { return r.Finished.IsZero() || r.Finished.DateOnly }

// predicate is what happened to a service. It is deployed once, and upgraded from then on.
func (before deployed) predicate(r Record, service, environment string) string {
	place := [2]string{text.Key(service), text.Key(environment)}
	again := before[place]
	before[place] = true
	switch {
	case !r.RollbackOf.IsZero():
		return "service.rolledback"
	case again:
		return "service.upgraded"
	}
	return "service.deployed"
}

func (r Record) serviceEvent(predicate, service, environment string) cdEvent {
	content := cdService{Artifact: r.artifact(service)}
	content.Environment.ID = environment
	return r.event(predicate, service, content, service, environment)
}

// event is one with an ID that is the same in each export, and another for each of the
// record's parts.
func (r Record) event(predicate, subject string, content any, parts ...string) (e cdEvent) {
	e.Context.Version, e.Context.Type = cdVersion, fmt.Sprintf(cdType, predicate)
	e.Context.ID = r.ID
	for _, part := range parts {
		e.Context.ID += "/" + url.PathEscape(part)
	}
	e.Context.Source = cmp.Or(r.Repository(), "deploysite")
	e.Context.Timestamp = r.Finished.ISO()
	e.Subject.ID, e.Subject.Content = subject, content
	e.Custom = map[string]json.RawMessage{"deploysite": Records.object(Records.rows(r)[0])}
	return e
}

// errors are the issues of a failure.
func (r Record) errors() string {
	var all []string
	for i := range r.Notes {
		if r.Notes[i].Kind == records.Issues {
			all = append(all, r.Notes[i].Text)
		}
	}
	return strings.Join(all, "\n")
}

// artifact is the package URL of what was deployed. Its version is the commit where the
// record has no other.
func (r Record) artifact(service string) string {
	commit := r.Commit.Value
	purl := "pkg:generic/" + purlPart(service)
	if version := cmp.Or(r.Version.Value, commit); version != "" {
		purl += "@" + purlPart(version)
	}
	if repository := r.Repository(); repository != "" && commit != "" {
		purl += "?vcs_url=" + strings.ReplaceAll(purlPart("git+"+repository+"@"+commit), "%2F", "/")
	}
	return purl
}

// purlPart is a text with all but letters, digits and what package URLs leave as it is
// written as %XX.
func purlPart(s string) string {
	return strings.NewReplacer("+", "%20", "%3A", ":").Replace(url.QueryEscape(s))
}
