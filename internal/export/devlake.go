package export

import (
	"slices"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// DevLake has what the deployment webhook of Apache DevLake takes, for each record and
// each environment of it. DevLake takes a missing result for a success and a missing
// environment for production, so both are always there.
var DevLake = Feed{"devlake", func() func(Record) ([]any, Gap) { return Record.webhooks }}

type webhook struct {
	ID          string `json:"id"`
	Title       string `json:"displayTitle"`
	Result      string `json:"result"`
	Environment string `json:"environment"`
	Original    string `json:"originalEnvironment"`
	webhookDates
	Commits []webhookCommit `json:"deploymentCommits"`
}

type webhookDates struct {
	Created  string `json:"createdDate"`
	Started  string `json:"startedDate"`
	Finished string `json:"finishedDate"`
}

// A webhookCommit has a result of its own, which is a success as well where it is missing.
type webhookCommit struct {
	Repository string `json:"repoUrl"`
	Commit     string `json:"commitSha"`
	Result     string `json:"result"`
	webhookDates
}

func (r Record) webhooks() (all []any, gap Gap) {
	if gap = r.untold(); gap != none {
		return nil, gap
	}
	result := "FAILURE"
	if r.Status == records.Succeeded {
		result = "SUCCESS"
	}
	dates := webhookDates{r.Started.ISO(), r.Started.ISO(), r.Finished.ISO()}
	commits := []webhookCommit{{r.Repository(), r.Commit.Value, result, dates}}
	for _, environment := range distinct(records.Values(r.Environments)) {
		if word := r.devlakeWord(environment); word != "" {
			all = append(all, webhook{r.ID + "/" + environment, r.Title.Value, result, word, environment, dates, commits})
		} else {
			gap = oddEnvironment
		}
	}
	return all, gap
}

// untold is what DevLake must know and the record does not tell.
func (r Record) untold() Gap {
	for _, missing := range []struct {
		is  bool
		gap Gap
	}{
		{r.Status == records.InProgress, noOutcome},
		{r.Status == records.Cancelled, wasCancelled},
		{r.Started.IsZero() || r.Started.DateOnly, noStart},
		{r.hasNoEnd(), noEnd},
		{r.Finished.Time.Before(r.Started.Time), endsEarly},
		{len(r.Environments) == 0, noEnvironment},
		{r.Commit.IsZero(), noCommit},
		{r.Repository() == "", noRepository},
	} {
		if missing.is {
			return missing.gap
		}
	}
	return none
}

// devlakeWord is the kind of an environment. DevLake refuses other words.
func (r Record) devlakeWord(environment string) string {
	if r.IsProduction(environment) {
		return "PRODUCTION"
	}
	for _, kind := range [][]string{{"STAGING", "stage"}, {"TESTING", "test"}, {"DEVELOPMENT", "dev"}} {
		if slices.ContainsFunc(kind, func(word string) bool { return text.Same(word, environment) }) {
			return kind[0]
		}
	}
	return ""
}
