//go:build tools

// Package tools names the last Go module version that still holds Pulumi's language host for Node.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
