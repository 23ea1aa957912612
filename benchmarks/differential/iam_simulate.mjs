// Puts simulations to @cloud-copilot/iam-simulate, which is installed in the working directory. Development only: it runs in a
// process of its own and is no part of what is released.
//
// In: {"rounds": n, "unchecked": bool, "simulations": [...]}. Out: {"answers": [...], "seconds": [CPU of each round]}. Unchecked
// is its faster way, which looks neither at the request nor at session and endpoint policies.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(process.cwd() + '/')
const { runSimulation, runUnsafeSimulation } = require('@cloud-copilot/iam-simulate')
const policies = require('@cloud-copilot/iam-policy')

const WORDS = { Allowed: 'allow', ExplicitlyDenied: 'explicit', ImplicitlyDenied: 'implicit' }
const made = new Map()

// Its own way not to check a policy again for every request.
function checked(document, check) {
  const key = check.name + JSON.stringify(document)
  if (!made.has(key)) {
    made.set(key, policies.createValidatedPolicy(document, check))
  }
  return made.get(key)
}

function ready(simulation) {
  const named = (check) => (each) => ({ ...each, policy: checked(each.policy, check) })
  const level = (check) => (each) => ({ ...each, policies: each.policies.map(named(check)) })
  const found = { ...simulation }
  found.identityPolicies = simulation.identityPolicies.map(named(policies.validateIdentityPolicy))
  found.serviceControlPolicies = simulation.serviceControlPolicies.map(level(policies.validateServiceControlPolicy))
  found.resourceControlPolicies = simulation.resourceControlPolicies.map(level(policies.validateResourceControlPolicy))
  found.permissionBoundaryPolicies = simulation.permissionBoundaryPolicies?.map(named(policies.validateIdentityPolicy))
  found.vpcEndpointPolicies = simulation.vpcEndpointPolicies?.map(named(policies.validateEndpointPolicy))
  if (simulation.resourcePolicy) {
    found.resourcePolicy = checked(simulation.resourcePolicy, policies.validateResourcePolicy)
  }
  if (simulation.sessionPolicy) {
    found.sessionPolicy = checked(simulation.sessionPolicy, policies.validateIdentityPolicy)
  }
  return found
}

async function answer(simulation) {
  try {
    if (unchecked) {
      return { answer: WORDS[runUnsafeSimulation(ready(simulation), {})], ignored: [] }
    }
    const result = await runSimulation(ready(simulation), {})
    if (result.resultType === 'error') {
      return { error: result.errors }
    }
    const every = result.resultType === 'single' ? [result.result] : result.results
    return { answer: WORDS[result.overallResult], ignored: every.flatMap((each) => each.ignoredContextKeys ?? []) }
  } catch (error) {
    return { crash: String(error.message) }
  }
}

const { rounds, unchecked, simulations } = JSON.parse(readFileSync(0, 'utf8'))
const answers = []
for (const simulation of simulations) {
  answers.push(await answer(simulation))
}
const seconds = []
for (let round = 0; round < rounds; round += 1) {
  const every = simulations.map(ready)
  const start = process.cpuUsage()
  for (const simulation of every) {
    if (unchecked) {
      runUnsafeSimulation(simulation, {})
    } else {
      await runSimulation(simulation, {})
    }
  }
  const { user, system } = process.cpuUsage(start)
  seconds.push((user + system) / 1e6)
}
process.stdout.write(JSON.stringify({ answers, seconds }))
