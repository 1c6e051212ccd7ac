package main

import "github.com/deploysite/deploysite/internal/secrets"

// warnOfSecrets warns of what was just written into the record.
func (j *job) warnOfSecrets(texts ...string) {
	for _, text := range texts {
		for _, s := range secrets.Find(text) {
			j.env.Tell("Careful: what you wrote holds what looks like %s. Take it out of %s before it is committed; git does not forget.", s.What, j.path())
		}
	}
}
