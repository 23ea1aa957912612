"""What `!Ref` and `!GetAtt` of a resource return, where its properties say it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html, *Return values*
"""

ARN = "arn:${AWS::Partition}"
PLACE = "${AWS::Region}:${AWS::AccountId}"
MESH = f"{ARN}:appmesh:${{AWS::Region}}:${{MeshOwner}}:mesh/${{MeshName}}"
NAMESPACE = f"{ARN}:servicediscovery:{PLACE}:namespace/${{.Id}}"

# The ARN of a resource: `${Property}` is a property of it (or what CloudFormation will make up), `${.Attribute}` only AWS knows.
ARNS = {
    "AWS::AppMesh::Mesh": f"{ARN}:appmesh:{PLACE}:mesh/${{MeshName}}",
    "AWS::AppMesh::VirtualNode": f"{MESH}/virtualNode/${{VirtualNodeName}}",
    "AWS::AppMesh::VirtualGateway": f"{MESH}/virtualGateway/${{VirtualGatewayName}}",
    "AWS::AppMesh::VirtualRouter": f"{MESH}/virtualRouter/${{VirtualRouterName}}",
    "AWS::AppMesh::VirtualService": f"{MESH}/virtualService/${{VirtualServiceName}}",
    "AWS::AppMesh::Route": f"{MESH}/virtualRouter/${{VirtualRouterName}}/route/${{RouteName}}",
    "AWS::AppMesh::GatewayRoute": f"{MESH}/virtualGateway/${{VirtualGatewayName}}/gatewayRoute/${{GatewayRouteName}}",
    "AWS::ACMPCA::CertificateAuthority": f"{ARN}:acm-pca:{PLACE}:certificate-authority/${{.Id}}",
    "AWS::CertificateManager::Certificate": f"{ARN}:acm:{PLACE}:certificate/${{.Id}}",
    "AWS::ECR::Repository": f"{ARN}:ecr:{PLACE}:repository/${{RepositoryName}}",
    "AWS::ECS::Cluster": f"{ARN}:ecs:{PLACE}:cluster/${{ClusterName}}",
    "AWS::ECS::TaskDefinition": f"{ARN}:ecs:{PLACE}:task-definition/${{Family}}:${{.Revision}}",
    "AWS::IAM::InstanceProfile": f"{ARN}:iam::${{AWS::AccountId}}:instance-profile${{Path}}${{InstanceProfileName}}",
    "AWS::IAM::ManagedPolicy": f"{ARN}:iam::${{AWS::AccountId}}:policy${{Path}}${{ManagedPolicyName}}",
    "AWS::IAM::Role": f"{ARN}:iam::${{AWS::AccountId}}:role${{Path}}${{RoleName}}",
    "AWS::Lambda::Function": f"{ARN}:lambda:{PLACE}:function:${{FunctionName}}",
    "AWS::Logs::LogGroup": f"{ARN}:logs:{PLACE}:log-group:${{LogGroupName}}:*",
    "AWS::S3::Bucket": f"{ARN}:s3:::${{BucketName}}",
    # AWS puts a hyphen and six characters behind the name, which a policy writes as `-??????`.
    "AWS::SecretsManager::Secret": f"{ARN}:secretsmanager:{PLACE}:secret:${{Name}}-??????",
    "AWS::Serverless::Function": f"{ARN}:lambda:{PLACE}:function:${{FunctionName}}",
    "AWS::ServiceDiscovery::HttpNamespace": NAMESPACE,
    "AWS::ServiceDiscovery::PrivateDnsNamespace": NAMESPACE,
    "AWS::ServiceDiscovery::PublicDnsNamespace": NAMESPACE,
    "AWS::VpcLattice::Service": f"{ARN}:vpc-lattice:{PLACE}:service/${{.Id}}",
    "AWS::VpcLattice::ServiceNetwork": f"{ARN}:vpc-lattice:{PLACE}:servicenetwork/${{.Id}}",
}
# Types whose `!Ref` is the ARN.
REF_IS_ARN = {
    *(name for name in ARNS if name.startswith(("AWS::AppMesh::", "AWS::VpcLattice::"))),
    "AWS::ACMPCA::CertificateAuthority",
    "AWS::CertificateManager::Certificate",
    "AWS::ECS::TaskDefinition",
    "AWS::IAM::ManagedPolicy",
    "AWS::SecretsManager::Secret",
}
# Types whose `!Ref` is a property.
REF_IS_PROPERTY = {
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::AutoScaling::LaunchConfiguration": "LaunchConfigurationName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::EKS::Cluster": "Name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Route53::RecordSet": "Name",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Serverless::Function": "FunctionName",
}
# Attributes, beside `Arn`, that are made of properties.
ATTRIBUTES = {
    ("AWS::ECR::Repository", "RepositoryUri"): "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/${RepositoryName}",
    ("AWS::ECS::Service", "Name"): "${ServiceName}",
    ("AWS::SSM::Parameter", "Value"): "${Value}",
}
PSEUDO = {"AWS::AccountId": "account", "AWS::Region": "region", "AWS::Partition": "partition"}
# The suffix of most partitions. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
URL_SUFFIX = "amazonaws.com"
DEFAULTS = {"Path": "/"}
