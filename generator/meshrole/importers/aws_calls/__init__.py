"""The shapes of AWS's API: CloudFormation's properties and the JSON of the AWS CLI are the same words in other capitals."""
