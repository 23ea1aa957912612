# The columns of AWS's own table for CloudTrail, once: the Glue table and the output `table_ddl` are both made of them.
# https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
locals {
  session_context = join(",", [
    "attributes:struct<mfaauthenticated:string,creationdate:string>",
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>",
    "ec2roledelivery:string",
    "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>",
    # Not in AWS's table: the person behind a session, where the trust policy demands it.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html#STS-API-source-identity
    "sourceidentity:string",
  ])

  user_identity = join(",", [
    "type:string",
    "principalid:string",
    "arn:string",
    "accountid:string",
    "invokedby:string",
    "accesskeyid:string",
    "username:string",
    "onbehalfof:struct<userid:string,identitystorearn:string>",
    "sessioncontext:struct<${local.session_context}>",
    # Not in AWS's table: who vouched for a web identity, and the resource that a service gave credentials to.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html#cloudtrail-event-reference-user-identity-fields
    "identityprovider:string",
    "inscopeof:struct<sourcearn:string,sourceaccount:string,issuertype:string,credentialsissuedto:string>",
  ])

  columns = [
    { name = "eventversion", type = "string" },
    { name = "useridentity", type = "struct<${local.user_identity}>" },
    { name = "eventtime", type = "string" },
    { name = "eventsource", type = "string" },
    { name = "eventname", type = "string" },
    { name = "awsregion", type = "string" },
    { name = "sourceipaddress", type = "string" },
    { name = "useragent", type = "string" },
    { name = "errorcode", type = "string" },
    { name = "errormessage", type = "string" },
    { name = "requestparameters", type = "string" },
    { name = "responseelements", type = "string" },
    { name = "additionaleventdata", type = "string" },
    { name = "requestid", type = "string" },
    { name = "eventid", type = "string" },
    { name = "readonly", type = "string" },
    { name = "resources", type = "array<struct<arn:string,accountid:string,type:string>>" },
    { name = "eventtype", type = "string" },
    { name = "apiversion", type = "string" },
    { name = "recipientaccountid", type = "string" },
    { name = "serviceeventdetails", type = "string" },
    { name = "sharedeventid", type = "string" },
    { name = "vpcendpointid", type = "string" },
    { name = "vpcendpointaccountid", type = "string" },
    { name = "eventcategory", type = "string" },
    { name = "addendum", type = "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>" },
    { name = "sessioncredentialfromconsole", type = "string" },
    { name = "edgedevicedetails", type = "string" },
    { name = "tlsdetails", type = "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>" },
  ]

  partition_columns = ["account", "region", "day"]

  role_columns = [
    { name = "arn", type = "string" },
    { name = "name", type = "string" },
    { name = "mesh", type = "string" },
    { name = "environment", type = "string" },
    { name = "identity", type = "string" },
    { name = "kind", type = "string" },
    { name = "trusted", type = "array<string>" },
    { name = "nodes", type = "array<string>" },
  ]
}
